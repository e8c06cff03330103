package io.github.httpreport.telemetry;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.error.SendException;
import io.github.httpreport.micrometer.MicrometerSenderMetrics;
import io.github.httpreport.opentelemetry.OpenTelemetrySenderMetrics;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What docs/telemetry.md and its files name is what a sender really exports. */
class TelemetryPageTest {

  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern METRIC = Pattern.compile("http_report_[a-z_]+");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(http_report_[a-z_]+)");
  private static final Pattern LABEL_OF_SAMPLE = Pattern.compile("([a-z_]+)=\"");
  private static final Pattern LABEL_OF_QUERY =
      Pattern.compile("by \\(([a-z_, ]+)\\)|([a-z_]+) *[!=]=?~?\\\\?\"");

  private static String scrape;
  private static Set<String> exported;
  private static Set<String> openTelemetry;

  @BeforeAll
  static void run() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    runWith(new MicrometerSenderMetrics(registry, "orders"), () -> scrape = registry.scrape());
    exported = SAMPLE.matcher(scrape).results().map(m -> m.group(1)).collect(toSet());

    InMemoryMetricReader reader = InMemoryMetricReader.create();
    try (SdkMeterProvider meters =
        SdkMeterProvider.builder().registerMetricReader(reader).build()) {
      SenderMetrics metrics = new OpenTelemetrySenderMetrics(meters.get("test"), "orders");
      metrics.spoolExpired(new Destination("g", "s"), 1);
      metrics.spoolLost(1);
      metrics.spooled(new Destination("g", "s"), 1);
      runWith(
          metrics,
          () ->
              openTelemetry =
                  reader.collectAllMetrics().stream().map(MetricData::getName).collect(toSet()));
    }
  }

  /** A batch that is stored and one that is rejected. */
  private static void runWith(SenderMetrics metrics, Runnable thenRead) {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender =
            HttpProxySender.builder().manager(cluster.managerUrl()).metrics(metrics).build()) {
      sender.send(List.of("a"), "g", "s");
      cluster.node(0).always(Fault.code("115"));
      assertThatThrownBy(() -> sender.send(List.of("a"), "g", "t"))
          .isInstanceOf(SendException.class);
      thenRead.run();
    }
  }

  private static Set<String> metricsIn(String text) {
    return METRIC.matcher(text).results().map(MatchResult::group).collect(toSet());
  }

  private static String read(String name) throws IOException {
    return Files.readString(DOCS.resolve(name));
  }

  private static void assertLabelsExist(String queries) {
    Set<String> labels =
        LABEL_OF_SAMPLE.matcher(scrape).results().map(m -> m.group(1)).collect(toSet());
    Set<String> used =
        LABEL_OF_QUERY
            .matcher(queries)
            .results()
            .flatMap(
                m -> Stream.of((m.group(1) == null ? m.group(2) : m.group(1)).split(", *", -1)))
            .collect(toSet());
    assertThat(used).isNotEmpty().isSubsetOf(labels);
  }

  @Test
  void alerts_everyMetricAndLabel_exists() throws IOException {
    String alerts = read("telemetry/alerts.yml");
    assertThat(metricsIn(alerts)).hasSizeGreaterThan(8).isSubsetOf(exported);
    assertLabelsExist(
        Pattern.compile("(?m)^ +(expr:.*|sum by.*|[>o].*|unless.*)$")
            .matcher(alerts)
            .results()
            .map(MatchResult::group)
            .reduce("", String::concat));
    Set<String> named =
        Pattern.compile("alert: (\\w+)")
            .matcher(alerts)
            .results()
            .map(m -> "`" + m.group(1) + "`")
            .collect(toSet());
    assertThat(read("telemetry.md")).contains(named);
  }

  @Test
  void dashboard_everyMetricAndLabel_exists() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(read("telemetry/dashboard.json"));
    String queries = String.join("\n", dashboard.findValuesAsText("expr"));
    assertThat(metricsIn(queries)).hasSizeGreaterThan(10).isSubsetOf(exported);
    assertThat(metricsIn(dashboard.get("templating").toString())).isSubsetOf(exported);
    assertLabelsExist(queries);
  }

  @Test
  void page_namesEveryMeterOfBothLibrariesAndNoOther() throws IOException {
    String page = read("telemetry.md");
    Set<String> documented = new TreeSet<>();
    Set<String> conventional = new TreeSet<>();
    for (String line : page.lines().filter(l -> l.startsWith("| `http.report.")).toList()) {
      String[] cells = line.split("\\|", -1);
      documented.addAll(metricsIn(cells[2]));
      conventional.add(cells[3].replaceAll("^ *`|`.*$", ""));
    }
    assertThat(documented)
        .isEqualTo(
            exported.stream()
                .map(name -> name.replaceAll("(_seconds)_(count|sum|max)$", "$1"))
                .collect(toCollection(TreeSet::new)));
    assertThat(conventional).isEqualTo(openTelemetry);
  }
}
