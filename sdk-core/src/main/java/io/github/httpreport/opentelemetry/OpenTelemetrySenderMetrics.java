package io.github.httpreport.opentelemetry;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.common.FailureNames;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongGauge;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A sender's metrics, and its traces where a tracer is given, for OpenTelemetry. Needs
 * opentelemetry-api, an optional dependency, on the class path. Safe for use by many threads; never
 * blocks.
 *
 * <p>By the semantic conventions for messaging, with {@code messaging.system} {@code http_report}
 * and {@code messaging.operation.name} {@code send}:
 *
 * <ul>
 *   <li>{@code messaging.client.operation.duration}, histogram in seconds: requests, by {@code
 *       server.address}, {@code server.port} and, where not accepted, {@code error.type}
 *   <li>{@code messaging.client.sent.messages}, counter: messages acknowledged or, with {@code
 *       error.type}, given up
 * </ul>
 *
 * <p>Where the conventions have nothing: {@code http.report.delivery.duration}, histogram in
 * seconds; the counters {@code http.report.spool.spooled}, {@code .expired} and {@code .lost}; the
 * gauges {@code http.report.buffer.used} and {@code .max}, {@code http.report.spool.messages},
 * {@code .used}, {@code .max} and {@code .broken}, and {@code http.report.nodes.ejected}. All have
 * the attribute {@code http.report.sender}.
 *
 * <p>A span of kind producer, {@code send GROUP/STREAM}, covers the delivery of each batch. Its
 * events are the attempts, its links the spans that were current when the messages were enqueued,
 * 128 at most. No attribute holds a body or a secret. What is drained from the spool has no span.
 *
 * <p>One object serves one sender; its gauges end with the sender.
 */
@SuppressWarnings("exports") // Optional: an application that calls this reads the modules already.
public final class OpenTelemetrySenderMetrics implements SenderMetrics {

  private static final List<Double> SECONDS =
      List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

  private final MessagingAttributes attributes;
  private final @Nullable Tracer tracer;
  private final DoubleHistogram attempts;
  private final DoubleHistogram deliveries;
  private final LongCounter messages;
  private final LongCounter spooled;
  private final LongCounter expired;
  private final LongCounter lost;
  private final AtomicLong bufferUsed = new AtomicLong();
  private final AtomicLong bufferMax = new AtomicLong();
  private final AtomicLong spoolMessages = new AtomicLong();
  private final AtomicLong spoolUsed = new AtomicLong();
  private final AtomicLong spoolMax = new AtomicLong();
  private final AtomicLong spoolBroken = new AtomicLong();
  private final Set<String> ejected = ConcurrentHashMap.newKeySet();
  private final List<ObservableLongGauge> gauges = new ArrayList<>();

  /**
   * Metrics without traces.
   *
   * @param meter makes the instruments
   * @param sender the name of the sender, the value of {@code http.report.sender}
   */
  public OpenTelemetrySenderMetrics(Meter meter, String sender) {
    this(new MessagingAttributes(sender), meter, null);
  }

  /**
   * Metrics and traces.
   *
   * @param meter makes the instruments
   * @param sender the name of the sender, the value of {@code http.report.sender}
   * @param tracer makes a span for each batch
   */
  public OpenTelemetrySenderMetrics(Meter meter, String sender, Tracer tracer) {
    this(new MessagingAttributes(sender), meter, requireNonNull(tracer, "tracer"));
  }

  private OpenTelemetrySenderMetrics(
      MessagingAttributes attributes, Meter meter, @Nullable Tracer tracer) {
    this.attributes = attributes;
    this.tracer = tracer;
    requireNonNull(meter, "meter");
    attempts = seconds(meter, "messaging.client.operation.duration", "Requests");
    deliveries =
        seconds(meter, "http.report.delivery.duration", "Acknowledged batches, from their sealing");
    messages = counter(meter, "messaging.client.sent.messages", "Messages sent or given up");
    spooled = counter(meter, "http.report.spool.spooled", "Messages put on disk");
    expired = counter(meter, "http.report.spool.expired", "Messages too old in the spool");
    lost = counter(meter, "http.report.spool.lost", "Messages in the spool that are unreadable");
    gauge(meter, "http.report.buffer.used", "By", bufferUsed::get);
    gauge(meter, "http.report.buffer.max", "By", bufferMax::get);
    gauge(meter, "http.report.spool.messages", "{message}", spoolMessages::get);
    gauge(meter, "http.report.spool.used", "By", spoolUsed::get);
    gauge(meter, "http.report.spool.max", "By", spoolMax::get);
    gauge(meter, "http.report.spool.broken", "1", spoolBroken::get);
    gauge(meter, "http.report.nodes.ejected", "{node}", ejected::size);
  }

  private static DoubleHistogram seconds(Meter meter, String name, String description) {
    return meter
        .histogramBuilder(name)
        .setUnit("s")
        .setDescription(description)
        .setExplicitBucketBoundariesAdvice(SECONDS)
        .build();
  }

  private static LongCounter counter(Meter meter, String name, String description) {
    return meter.counterBuilder(name).setUnit("{message}").setDescription(description).build();
  }

  private void gauge(Meter meter, String name, String unit, LongSupplier value) {
    Attributes common = attributes.sender();
    gauges.add(
        meter
            .gaugeBuilder(name)
            .ofLongs()
            .setUnit(unit)
            .buildWithCallback(gauge -> gauge.record(value.getAsLong(), common)));
  }

  @Override
  public @Nullable BatchObserver batchOpened(Destination destination) {
    return tracer == null ? null : new BatchSpan(tracer, attributes, destination);
  }

  @Override
  public void attempted(Destination destination, Attempt attempt) {
    attempts.record(toSeconds(attempt.duration()), attributes.of(attempt));
  }

  @Override
  public void sent(Destination destination, int count, Duration elapsed) {
    messages.add(count, attributes.operation());
    deliveries.record(toSeconds(elapsed), attributes.sender());
  }

  @Override
  public void failed(Destination destination, int count, RuntimeException cause) {
    messages.add(count, attributes.failed(FailureNames.of(cause)));
  }

  @Override
  public void bufferUsed(long used, long max) {
    bufferUsed.set(used);
    bufferMax.set(max);
  }

  @Override
  public void spooled(Destination destination, int count) {
    spooled.add(count, attributes.sender());
  }

  @Override
  public void spoolUsed(long count, long used, long max) {
    spoolMessages.set(count);
    spoolUsed.set(used);
    spoolMax.set(max);
  }

  @Override
  public void spoolExpired(Destination destination, int count) {
    expired.add(count, attributes.sender());
  }

  @Override
  public void spoolLost(long count) {
    lost.add(count, attributes.sender());
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

  @Override
  public void closed() {
    gauges.forEach(ObservableLongGauge::close);
  }

  private static double toSeconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
