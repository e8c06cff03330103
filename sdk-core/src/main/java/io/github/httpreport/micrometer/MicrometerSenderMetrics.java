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
 *   <li>{@code http.report.spool.spooled}, {@code http.report.spool.expired} and {@code
 *       http.report.spool.lost}, counters: messages put on disk, become too old there, and no
 *       longer readable
 *   <li>{@code http.report.spool.messages}, {@code http.report.spool.used} and {@code
 *       http.report.spool.max}, gauges: messages on disk, and bytes
 *   <li>{@code http.report.spool.broken}, gauge: 1 while the spool cannot be used
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
  private final Counter spooled;
  private final Counter expired;
  private final Counter lost;
  private final AtomicLong spoolMessages = new AtomicLong();
  private final AtomicLong spoolUsed = new AtomicLong();
  private final AtomicLong spoolMax = new AtomicLong();
  private final AtomicLong spoolBroken = new AtomicLong();
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
    spooled = spool("spooled");
    expired = spool("expired");
    lost = spool("lost");
    gauge("buffer.used", "bytes", usedBytes);
    gauge("buffer.max", "bytes", maxBytes);
    gauge("spool.messages", "messages", spoolMessages);
    gauge("spool.used", "bytes", spoolUsed);
    gauge("spool.max", "bytes", spoolMax);
    gauge("spool.broken", "", spoolBroken);
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

  private Counter spool(String name) {
    return Counter.builder(PREFIX + "spool." + name)
        .baseUnit("messages")
        .tag("sender", sender)
        .register(registry);
  }

  private void gauge(String name, String unit, AtomicLong value) {
    Gauge.builder(PREFIX + name, value, AtomicLong::get)
        .baseUnit(unit)
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
  public void spooled(Destination destination, int messages) {
    spooled.increment(messages);
  }

  @Override
  public void spoolUsed(long messages, long used, long max) {
    spoolMessages.set(messages);
    spoolUsed.set(used);
    spoolMax.set(max);
  }

  @Override
  public void spoolExpired(Destination destination, int messages) {
    expired.increment(messages);
  }

  @Override
  public void spoolLost(long messages) {
    lost.increment((double) messages);
  }

  @Override
  public void spoolBroken(boolean broken) {
    spoolBroken.set(broken ? 1 : 0);
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
