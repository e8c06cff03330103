package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.BufferFullException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How messages are offered. */
enum Offer {
  ENQUEUE("enqueue", 1) {
    @Override
    CompletableFuture<SendResult> to(ProxySender sender, List<String> bodies) {
      return sender.enqueue(bodies.get(0), GROUP, STREAM);
    }
  },
  SEND_ASYNC("sendAsync", 100) {
    @Override
    CompletableFuture<SendResult> to(ProxySender sender, List<String> bodies) {
      return sender.sendAsync(bodies, GROUP, STREAM);
    }
  };

  private static final String GROUP = "memory";
  private static final String STREAM = "lines";

  private final String label;
  private final int messages;

  Offer(String label, int messages) {
    this.label = label;
    this.messages = messages;
  }

  String label() {
    return label;
  }

  /** How many messages a call offers. */
  int messages() {
    return messages;
  }

  abstract CompletableFuture<SendResult> to(ProxySender sender, List<String> bodies);

  /** New objects each time, as an application makes them. */
  List<String> bodies(long firstNumber, int length) {
    List<String> bodies = new ArrayList<>(messages);
    for (int i = 0; i < messages; i++) {
      String number = Long.toString(firstNumber + i);
      bodies.add(number + "x".repeat(Math.max(0, length - number.length())));
    }
    return bodies;
  }

  static boolean isRefusal(CompletableFuture<SendResult> future) {
    if (!future.isCompletedExceptionally()) {
      return false;
    }
    return future.handle((result, error) -> error instanceof BufferFullException).join();
  }
}
