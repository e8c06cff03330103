package io.github.httpreport.micrometer;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.common.FailureNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A sender's metrics as Micrometer meters, all tagged {@code sender}. Needs micrometer-core, an
 * optional dependency, on the class path. Safe for use by many threads; never blocks.
 *
 * <ul>
 *   <li>{@code http.report.attempts}, timer: requests, by {@code node} and {@code outcome}; those
 *       of a node are removed when the node leaves the list of every group
 *   <li>{@code http.report.delivery}, timer: acknowledged batches, from sealing to acknowledgement
 *   <li>{@code http.report.messages}, counter: messages, by {@code result}, {@code sent} or {@code
 *       failed}, and {@code cause}: {@code none} for those sent; for the others {@code rejected},
 *       {@code message_too_large}, {@code buffer_full}, {@code no_node_available}, {@code
 *       authentication}, {@code delivery_timeout} (abandoned by {@code close}, too), {@code
 *       unknown_outcome}, {@code interrupted} or {@code other}
 *   <li>{@code http.report.buffer.used} and {@code http.report.buffer.max}, gauges: bytes
 *   <li>{@code http.report.spool.spooled}, {@code http.report.spool.expired} and {@code
 *       http.report.spool.lost}, counters: messages put on disk, become too old there, and no
 *       longer readable
 *   <li>{@code http.report.spool.messages}, {@code http.report.spool.used} and {@code
 *       http.report.spool.max}, gauges: messages on disk, and bytes
 *   <li>{@code http.report.spool.broken}, gauge: 1 while the spool cannot be used
 *   <li>{@code http.report.nodes.ejected}, gauge: nodes that get no requests now
 * </ul>
 *
 * <p>One object serves one sender. When that is closed its gauges are zero and stay so; another
 * object for the same registry and name takes their place, and goes on with the same counters.
 */
public final class MicrometerSenderMetrics implements SenderMetrics {

  private static final String PREFIX = "http.report.";

  private final MeterRegistry registry;
  private final String sender;
  private final Counter sent;
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
  private volatile boolean closed;

  /**
   * Registers the meters.
   *
   * @param registry where they are registered
   * @param sender the name of the sender, the value of the tag {@code sender}
   */
  @SuppressWarnings("exports") // Optional: every caller reads micrometer.core already.
  public MicrometerSenderMetrics(MeterRegistry registry, String sender) {
    this.registry = requireNonNull(registry, "registry");
    this.sender = requireNonNull(sender, "sender");
    sent = messages("sent", "none");
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
    gauge("nodes.ejected", "", ejected, Set::size);
  }

  private Counter messages(String result, String cause) {
    return Counter.builder(PREFIX + "messages")
        .tag("sender", sender)
        .tag("result", result)
        .tag("cause", cause)
        .register(registry);
  }

  private Counter spool(String name) {
    return Counter.builder(PREFIX + "spool." + name)
        .baseUnit("messages")
        .tag("sender", sender)
        .register(registry);
  }

  private void gauge(String name, String unit, AtomicLong value) {
    gauge(name, unit, value, AtomicLong::get);
  }

  /** In place of that of an earlier object, which would show what is true no more. */
  private <T> void gauge(String name, String unit, T value, ToDoubleFunction<T> reader) {
    registry.find(PREFIX + name).tag("sender", sender).gauges().forEach(registry::remove);
    Gauge.builder(PREFIX + name, value, reader)
        .baseUnit(unit.isEmpty() ? null : unit)
        .tag("sender", sender)
        .strongReference(true)
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
    messages("failed", FailureNames.of(cause)).increment(messages);
  }

  @Override
  public void bufferUsed(long used, long max) {
    if (closed) {
      return;
    }
    usedBytes.set(used);
    maxBytes.set(max);
  }

  @Override
  public void spooled(Destination destination, int messages) {
    spooled.increment(messages);
  }

  @Override
  public void spoolUsed(long messages, long used, long max) {
    if (closed) {
      return;
    }
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
    spoolBroken.set(broken && !closed ? 1 : 0);
  }

  @Override
  public void nodeEjected(String node, boolean isEjected) {
    if (isEjected && !closed) {
      ejected.add(node);
    } else {
      ejected.remove(node);
    }
  }

  @Override
  public void nodeRemoved(String node) {
    registry
        .find(PREFIX + "attempts")
        .tags("sender", sender, "node", node)
        .meters()
        .forEach(registry::remove);
  }

  @Override
  public void closed() {
    closed = true;
    Stream.of(usedBytes, maxBytes, spoolMessages, spoolUsed, spoolMax, spoolBroken)
        .forEach(gauge -> gauge.set(0));
    ejected.clear();
  }
}
