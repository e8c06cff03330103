package io.github.httpreport.micrometer;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sender's metrics as Micrometer meters, all tagged {@code sender}. Needs micrometer-core, an
 * optional dependency, on the class path. Safe for use by many threads; never blocks.
 *
 * <ul>
 *   <li>{@code http.report.attempts}, timer: requests, by {@code node} and {@code outcome}
 *   <li>{@code http.report.delivery}, timer: acknowledged batches, from sealing to acknowledgement
 *   <li>{@code http.report.messages}, counter: messages, by {@code result}, {@code sent} or {@code
 *       failed}
 *   <li>{@code http.report.buffer.used} and {@code http.report.buffer.max}, gauges: bytes
 *   <li>{@code http.report.nodes.ejected}, gauge: nodes that get no requests now
 * </ul>
 */
public final class MicrometerSenderMetrics implements SenderMetrics {

  private static final String PREFIX = "http.report.";

  private final MeterRegistry registry;
  private final String sender;
  private final Counter sent;
  private final Counter failed;
  private final Timer delivery;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong maxBytes = new AtomicLong();
  private final Set<String> ejected = ConcurrentHashMap.newKeySet();

  /**
   * Registers the meters.
   *
   * @param registry where they are registered
   * @param sender the name of the sender, the value of the tag {@code sender}
   */
  @SuppressWarnings("exports") // Optional: whoever calls this reads micrometer.core already.
  public MicrometerSenderMetrics(MeterRegistry registry, String sender) {
    this.registry = requireNonNull(registry, "registry");
    this.sender = requireNonNull(sender, "sender");
    sent = messages("sent");
    failed = messages("failed");
    delivery = Timer.builder(PREFIX + "delivery").tag("sender", sender).register(registry);
    gauge("buffer.used", usedBytes);
    gauge("buffer.max", maxBytes);
    Gauge.builder(PREFIX + "nodes.ejected", ejected, Set::size)
        .tag("sender", sender)
        .register(registry);
  }

  private Counter messages(String result) {
    return Counter.builder(PREFIX + "messages")
        .tag("sender", sender)
        .tag("result", result)
        .register(registry);
  }

  private void gauge(String name, AtomicLong value) {
    Gauge.builder(PREFIX + name, value, AtomicLong::get)
        .baseUnit("bytes")
        .tag("sender", sender)
        .register(registry);
  }

  @Override
  public void attempted(Destination destination, Attempt attempt) {
    registry
        .timer(
            PREFIX + "attempts",
            "sender",
            sender,
            "node",
            attempt.node(),
            "outcome",
            attempt.outcome().name().toLowerCase(Locale.ROOT))
        .record(attempt.duration());
  }

  @Override
  public void sent(Destination destination, int messages, Duration elapsed) {
    sent.increment(messages);
    delivery.record(elapsed);
  }

  @Override
  public void failed(Destination destination, int messages, RuntimeException cause) {
    failed.increment(messages);
  }

  @Override
  public void bufferUsed(long used, long max) {
    usedBytes.set(used);
    maxBytes.set(max);
  }

  @Override
  public void nodeEjected(String node, boolean isEjected) {
    if (isEjected) {
      ejected.add(node);
    } else {
      ejected.remove(node);
    }
  }
}
