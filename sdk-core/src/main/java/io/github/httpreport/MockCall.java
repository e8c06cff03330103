package io.github.httpreport;

import io.github.httpreport.error.SendException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One accepted call of a {@link MockProxySender}, and how it is to complete. */
record MockCall(CompletableFuture<SendResult> future, int messages, long bytes, Answer outcome) {

  static final String NODE = "mock:0";

  /** The end of a call: a failure, a result, or neither for an acknowledgement. */
  record Answer(@Nullable SendResult result, @Nullable SendException failure) {

    static final Answer ACKNOWLEDGED = new Answer(null, null);
  }

  void complete() {
    if (outcome.failure() != null) {
      future.completeExceptionally(outcome.failure());
    } else if (outcome.result() != null) {
      future.complete(outcome.result());
    } else {
      Attempt attempt = Attempt.of(NODE, Duration.ZERO, Attempt.Outcome.ACCEPTED, "0");
      future.complete(
          SendResult.builder()
              .node(NODE)
              .messageCount(messages)
              .attempts(List.of(attempt))
              .build());
    }
  }
}
