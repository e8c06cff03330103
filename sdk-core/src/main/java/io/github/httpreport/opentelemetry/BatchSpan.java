package io.github.httpreport.opentelemetry;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics.BatchObserver;
import io.github.httpreport.common.FailureNames;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The span of one batch. Callers' threads add links until the delivery starts; the delivery's
 * threads then make the span, add an event for each attempt, and end it. The monitor guards the
 * links and the span; an event after the end is dropped by OpenTelemetry.
 *
 * <p>The span has no parent: a batch has the messages of many callers, and its delivery may go on
 * when their spans have ended. The status has the name of the failure and not its text, which may
 * quote what a server says.
 */
final class BatchSpan implements BatchObserver {

  /** As many as an SDK keeps by default. */
  static final int MAX_LINKS = 128;

  private static final AttributeKey<String> DESTINATION =
      AttributeKey.stringKey("messaging.destination.name");
  private static final AttributeKey<Long> MESSAGES =
      AttributeKey.longKey("messaging.batch.message_count");
  private static final AttributeKey<Long> BYTES = AttributeKey.longKey("http.report.batch.size");
  private static final AttributeKey<String> CODE = AttributeKey.stringKey("http.report.code");
  private static final AttributeKey<Double> SECONDS =
      AttributeKey.doubleKey("http.report.attempt.duration");

  private final Tracer tracer;
  private final MessagingAttributes attributes;
  private final String destination;
  private final Set<SpanContext> links = new LinkedHashSet<>(4);
  private @Nullable Span span;

  BatchSpan(Tracer tracer, MessagingAttributes attributes, Destination destination) {
    this.tracer = tracer;
    this.attributes = attributes;
    this.destination = destination.groupId() + '/' + destination.streamId();
  }

  @Override
  public synchronized void enqueued() {
    SpanContext current = Span.current().getSpanContext();
    if (current.isValid() && links.size() < MAX_LINKS) {
      links.add(current);
    }
  }

  @Override
  public synchronized void started(int messages, int encodedBytes) {
    SpanBuilder builder =
        tracer
            .spanBuilder("send " + destination)
            .setNoParent()
            .setSpanKind(SpanKind.PRODUCER)
            .setAllAttributes(attributes.operation())
            .setAttribute(DESTINATION, destination)
            .setAttribute(MESSAGES, (long) messages)
            .setAttribute(BYTES, (long) encodedBytes);
    links.forEach(builder::addLink);
    span = builder.startSpan();
  }

  @Override
  public synchronized void attempted(Attempt attempt) {
    if (span != null) {
      Attributes event =
          MessagingAttributes.withNode(attempt, Attributes.builder())
              .put(CODE, attempt.code())
              .put(SECONDS, attempt.duration().toNanos() / 1e9)
              .build();
      span.addEvent("attempt", event);
    }
  }

  @Override
  public synchronized void ended(@Nullable RuntimeException error) {
    if (span == null) {
      return;
    }
    if (error != null) {
      String name = FailureNames.of(error);
      span.setAttribute(MessagingAttributes.ERROR_TYPE, name).setStatus(StatusCode.ERROR, name);
    }
    span.end();
  }
}
