package io.github.httpreport.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.httpreport.Attempt;
import io.github.httpreport.Batching;
import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenTelemetrySenderMetricsTest {

  private static final String BODY = "the-body-of-a-message";
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  private final InMemoryMetricReader reader = InMemoryMetricReader.create();
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final SdkMeterProvider meters =
      SdkMeterProvider.builder().registerMetricReader(reader).build();
  private final SdkTracerProvider tracers =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();

  @AfterEach
  void shutdown() {
    meters.close();
    tracers.close();
  }

  private SenderMetrics traced() {
    return new OpenTelemetrySenderMetrics(meters.get("test"), "orders", tracers.get("test"));
  }

  private static HttpProxySender.Builder builder(LocalCluster cluster, SenderMetrics metrics) {
    return HttpProxySender.builder()
        .manager(cluster.managerUrl())
        .batching(Batching.builder().linger(Duration.ofHours(1)).build())
        .retry(
            RetryPolicy.builder()
                .maxAttempts(3)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
                .build())
        .metrics(metrics);
  }

  private Map<String, MetricData> metrics() {
    return reader.collectAllMetrics().stream()
        .collect(Collectors.toMap(MetricData::getName, Function.identity()));
  }

  private SpanData onlySpan() {
    assertThat(exporter.getFinishedSpanItems()).hasSize(1);
    return exporter.getFinishedSpanItems().get(0);
  }

  private SpanContext inSpan(Runnable work) {
    Span span = tracers.get("caller").spanBuilder("request").setNoParent().startSpan();
    try (Scope scope = span.makeCurrent()) {
      assertThat(scope).isNotNull();
      work.run();
    }
    // Not ended, so that it is not exported.
    return span.getSpanContext();
  }

  @Test
  void instruments_afterARun_followTheConventions() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = builder(cluster, traced()).build()) {
      cluster.node(0).script(Fault.queueFull());
      sender.send(List.of(BODY, BODY), "group", "stream");
      cluster.node(0).always(Fault.code("115"));
      assertThatThrownBy(() -> sender.send(List.of(BODY), "group", "other"))
          .isInstanceOf(RejectedException.class);
      Map<String, MetricData> metrics = metrics();

      List<HistogramPointData> requests =
          List.copyOf(
              metrics.get("messaging.client.operation.duration").getHistogramData().getPoints());
      assertThat(metrics.get("messaging.client.operation.duration").getUnit()).isEqualTo("s");
      assertThat(requests)
          .extracting(point -> point.getAttributes().get(ERROR))
          .containsExactlyInAnyOrder(null, "refused", "rejected");
      assertThat(requests)
          .allSatisfy(
              point ->
                  assertThat(point.getAttributes().asMap())
                      .containsEntry(AttributeKey.stringKey("messaging.system"), "http_report")
                      .containsEntry(AttributeKey.stringKey("messaging.operation.name"), "send")
                      .containsEntry(AttributeKey.stringKey("http.report.sender"), "orders")
                      .containsEntry(AttributeKey.stringKey("server.address"), "127.0.0.1")
                      .containsEntry(
                          AttributeKey.longKey("server.port"), (long) cluster.node(0).port()));
      assertThat(metrics.get("messaging.client.sent.messages").getLongSumData().getPoints())
          .extracting(point -> point.getAttributes().get(ERROR), LongPointData::getValue)
          .containsExactlyInAnyOrder(tuple(null, 2L), tuple("rejected", 1L));
      assertThat(metrics.get("http.report.buffer.max").getLongGaugeData().getPoints())
          .extracting(LongPointData::getValue)
          .containsExactly(32L << 20);
    }
  }

  @Test
  void durations_areInSeconds() {
    SenderMetrics metrics = traced();
    Destination destination = new Destination("group", "stream");
    metrics.attempted(
        destination,
        Attempt.of("127.0.0.1:1", Duration.ofMillis(250), Attempt.Outcome.ACCEPTED, "1"));
    metrics.sent(destination, 2, Duration.ofMillis(500));

    Map<String, MetricData> collected = metrics();
    assertThat(sumOf(collected.get("messaging.client.operation.duration"))).isEqualTo(0.25);
    assertThat(sumOf(collected.get("http.report.delivery.duration"))).isEqualTo(0.5);
  }

  private static double sumOf(MetricData histogram) {
    return histogram.getHistogramData().getPoints().stream()
        .mapToDouble(HistogramPointData::getSum)
        .sum();
  }

  @Test
  void closed_sender_endsItsGauges() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      ProxySender sender = builder(cluster, traced()).build();
      sender.send(List.of(BODY), "group", "stream");
      assertThat(metrics()).containsKeys("http.report.buffer.used", "http.report.nodes.ejected");
      sender.close();
      assertThat(metrics())
          .containsKey("messaging.client.sent.messages")
          .doesNotContainKeys("http.report.buffer.used", "http.report.nodes.ejected");
    }
  }

  @Test
  void span_enqueuedBatch_linksItsCallersAndHasItsAttempts() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = builder(cluster, traced()).build()) {
      cluster.node(0).script(Fault.queueFull());
      SpanContext first = inSpan(() -> sender.enqueue(BODY, "group", "stream"));
      SpanContext second =
          inSpan(
              () -> {
                sender.enqueue(BODY, "group", "stream");
                sender.enqueue(BODY, "group", "stream");
              });
      sender.enqueue(BODY, "group", "stream");
      sender.flush().join();

      SpanData span = onlySpan();
      assertThat(span.getName()).isEqualTo("send group/stream");
      assertThat(span.getKind()).isEqualTo(SpanKind.PRODUCER);
      assertThat(span.getParentSpanContext().isValid()).isFalse();
      assertThat(span.getLinks())
          .extracting(LinkData::getSpanContext)
          .containsExactly(first, second);
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
      assertThat(span.getAttributes().get(AttributeKey.longKey("messaging.batch.message_count")))
          .isEqualTo(4);
      assertThat(span.getEvents()).extracting(EventData::getName).containsOnly("attempt");
      assertThat(span.getEvents())
          .extracting(event -> event.getAttributes().get(ERROR))
          .containsExactly("refused", null);
      assertThat(span.toString()).doesNotContain(BODY);
    }
  }

  @Test
  void span_sendThatFails_hasTheNameOfTheFailure() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = builder(cluster, traced()).build()) {
      cluster.node(0).always(Fault.status(500, BODY));
      SpanContext caller =
          inSpan(
              () ->
                  assertThatThrownBy(() -> sender.send(List.of(BODY), "group", "stream"))
                      .isInstanceOf(SendException.class));
      SpanData span = onlySpan();
      assertThat(span.getParentSpanContext().isValid()).isFalse();
      assertThat(span.getLinks()).extracting(LinkData::getSpanContext).containsExactly(caller);
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(span.getStatus().getDescription())
          .isEqualTo(span.getAttributes().get(ERROR))
          .isNotBlank();
      assertThat(span.getEvents()).hasSize(3);
      assertThat(span.toString()).doesNotContain(BODY);
    }
  }

  @Test
  void span_splitBatch_isOne() {
    try (LocalCluster cluster = LocalCluster.builder().nodes(1).maxRequestBytes(3_000).start();
        ProxySender sender = builder(cluster, traced()).build()) {
      for (int i = 0; i < 8; i++) {
        sender.enqueue(BODY + "x".repeat(1_000), "group", "stream");
      }
      sender.flush().join();
      assertThat(cluster.storedCount()).isEqualTo(8);
      assertThat(onlySpan().getEvents()).hasSizeGreaterThan(4);
    }
  }

  @Test
  void span_batchAbandonedByClose_ends() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      ProxySender sender = builder(cluster, traced()).build();
      cluster.node(0).always(Fault.noResponse());
      sender.enqueue(BODY, "group", "stream");
      sender.close(Duration.ofMillis(100));
      assertThat(onlySpan().getStatus().getDescription()).isEqualTo("delivery_timeout");
    }
  }

  @Test
  void span_manyCallers_linksTheFirstOnly() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = builder(cluster, traced()).build()) {
      for (int i = 0; i < 200; i++) {
        inSpan(() -> sender.enqueue(BODY, "group", "stream"));
      }
      sender.flush().join();
      assertThat(onlySpan().getTotalRecordedLinks()).isEqualTo(BatchSpan.MAX_LINKS);
    }
  }

  @Test
  void batchOpened_withoutTracer_observesNothing() {
    SenderMetrics metrics = new OpenTelemetrySenderMetrics(meters.get("test"), "orders");
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = builder(cluster, metrics).build()) {
      inSpan(() -> sender.send(List.of(BODY), "group", "stream"));
      assertThat(exporter.getFinishedSpanItems()).isEmpty();
      assertThat(
              metrics()
                  .get("messaging.client.sent.messages")
                  .getLongSumData()
                  .getPoints()
                  .iterator()
                  .next()
                  .getAttributes())
          .isNotEqualTo(Attributes.empty());
    }
  }

  /** What an application observes must not stop a delivery. */
  @Test
  void batchObserver_thatThrows_disturbsNothing() {
    SenderMetrics metrics =
        new SenderMetrics() {
          @Override
          public BatchObserver batchOpened(Destination destination) {
            return new BatchObserver() {
              @Override
              public void enqueued() {
                throw new IllegalStateException("enqueued");
              }

              @Override
              public void started(int messages, int encodedBytes) {
                throw new StackOverflowError("started");
              }

              @Override
              public void ended(RuntimeException error) {
                throw new IllegalStateException("ended");
              }
            };
          }
        };
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = builder(cluster, metrics).build()) {
      sender.enqueue(BODY, "group", "stream");
      sender.send(List.of(BODY), "group", "stream");
      sender.flush().join();
      assertThat(cluster.storedCount()).isEqualTo(2);
    }
  }
}
