package io.github.httpreport.compatibility;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.error.SendException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Steps of a smoke run by name, and what they share. They run in a JVM without a test framework.
 */
abstract class SmokeSteps {

  /** One thing that works, or is refused, with every version. */
  interface Step {
    void run() throws Exception;
  }

  static final long PATIENCE_SECONDS = 20;

  private final Map<String, Step> steps = new LinkedHashMap<>();

  final void step(String name, Step step) {
    steps.put(name, step);
  }

  final Map<String, Step> steps() {
    return steps;
  }

  static HttpProxySender.Builder builder() {
    return HttpProxySender.builder()
        .requestTimeout(Duration.ofSeconds(5))
        .retry(
            RetryPolicy.builder()
                .maxAttempts(3)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
                .build());
  }

  /** Sends one message on the thread of the caller and one on the I/O thread. */
  static void sendBothWays(HttpProxySender.Builder builder) throws Exception {
    try (HttpProxySender sender = builder.build()) {
      sender.send(List.of("{\"a\":1}"), "group", "stream");
      sender
          .sendAsync(List.of("{\"b\":2}"), "group", "stream")
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Sends both ways, which must fail with this text. */
  static void failsBothWays(HttpProxySender.Builder builder, String text) throws Exception {
    try (HttpProxySender sender = builder.build()) {
      try {
        sender.send(List.of("{\"a\":1}"), "group", "stream");
        throw new AssertionError("send was answered");
      } catch (SendException e) {
        contains(e.getMessage(), text);
      }
      try {
        sender
            .sendAsync(List.of("{\"b\":2}"), "group", "stream")
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        throw new AssertionError("sendAsync was answered");
      } catch (ExecutionException e) {
        contains(e.getCause().getMessage(), text);
      }
    }
  }

  static void contains(String text, String part) {
    if (!text.contains(part)) {
      throw new AssertionError("no \"" + part + "\" in: " + text);
    }
  }

  static void isTrue(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }

  static void equal(long actual, long expected) {
    isTrue(actual == expected, actual + " instead of " + expected);
  }
}
