package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** How an application offers a message. */
enum CallKind {
  SEND("send") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, String groupId, Executor callers) {
      return CompletableFuture.supplyAsync(() -> sender.send(BODIES, groupId, STREAM), callers);
    }
  },
  SEND_ASYNC("sendAsync") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, String groupId, Executor callers) {
      return sender.sendAsync(BODIES, groupId, STREAM);
    }
  },
  ENQUEUE("enqueue") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, String groupId, Executor callers) {
      return sender.enqueue(BODIES.get(0), groupId, STREAM);
    }
  };

  private static final List<String> BODIES = List.of("a message");
  private static final String STREAM = "lines";

  private final String label;

  CallKind(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** Offers one message; blocks as little as the way does. */
  abstract CompletableFuture<SendResult> offer(
      ProxySender sender, String groupId, Executor callers);
}
