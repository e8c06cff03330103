package io.github.httpreport.kafka.connect;

import static io.github.httpreport.kafka.connect.BadOptionException.named;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.BATCH_BYTES;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.BATCH_MESSAGES;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.BUFFER_BYTES;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.CONNECT_TIMEOUT;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.DATA_TIME_GRANULARITY;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.LINGER;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.MANAGER_SECRET_ID;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.MANAGER_SECRET_KEY;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.MANAGER_URLS;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.MAX_BLOCK;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.MAX_IN_FLIGHT;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.NODES;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.PROXY;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.REQUEST_TIMEOUT;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.RETRY_TIMEOUT;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.SELECTOR;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.TLS_CA_FILE;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.TLS_CLIENT_CERT_FILE;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.TLS_CLIENT_CERT_PASSWORD;

import io.github.httpreport.Batching;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.TlsSettings;
import io.github.httpreport.WhenFull;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.protocol.WireProtocol;
import java.nio.file.Path;
import java.time.Duration;

/** Builds the sender that a configuration describes. Does no I/O but to read certificates. */
final class SenderFactory {

  static final String[] SELECTORS = {"least_loaded", "random", "round_robin", "weighted_by_load"};

  /** What the connector adds to the configuration of each task: its number, from 0. */
  static final String TASK_INDEX = "http.report.task.index";

  /**
   * How long the sender tries a record when the task tries for ever: longer than outages last,
   * because the sender reports a record that it gives up as lost.
   */
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private static final int MAX_NAME = 64;

  private SenderFactory() {}

  static HttpProxySender sender(HttpReportSinkConfig config, WireProtocol protocol) {
    return builder(config, protocol).name(name(config)).build();
  }

  /** A builder with every option set; an option that the library refuses is named. */
  static HttpProxySender.Builder builder(HttpReportSinkConfig config, WireProtocol protocol) {
    HttpProxySender.Builder builder =
        HttpProxySender.builder()
            .protocol(protocol)
            .selector(selector(config))
            .retry(retry(config))
            .batching(batching(config))
            .buffer(config.getLong(BUFFER_BYTES), WhenFull.block(config.millis(MAX_BLOCK)))
            .connectTimeout(config.millis(CONNECT_TIMEOUT))
            .maxInFlight(config.getInt(MAX_IN_FLIGHT));
    if (config.has(REQUEST_TIMEOUT)) {
      builder.requestTimeout(config.millis(REQUEST_TIMEOUT));
    }
    setServers(builder, config);
    setTls(builder, config);
    return builder;
  }

  static void setServers(HttpProxySender.Builder builder, HttpReportSinkConfig config) {
    if (config.hasItems(MANAGER_URLS)) {
      String[] urls = config.items(MANAGER_URLS);
      named(MANAGER_URLS, () -> builder.manager(urls));
    }
    if (config.hasItems(NODES)) {
      String[] nodes = config.items(NODES);
      named(NODES, () -> builder.nodes(nodes));
    }
    if (config.has(PROXY)) {
      String proxy = config.text(PROXY);
      named(PROXY, () -> builder.proxy(proxy));
    }
    if (config.has(MANAGER_SECRET_ID)) {
      builder.credentials(config.text(MANAGER_SECRET_ID), config.secret(MANAGER_SECRET_KEY));
    }
  }

  static void setTls(HttpProxySender.Builder builder, HttpReportSinkConfig config) {
    boolean trusts = config.has(TLS_CA_FILE);
    boolean identifies = config.has(TLS_CLIENT_CERT_FILE);
    TlsSettings.Builder tls = TlsSettings.builder();
    if (trusts) {
      named(TLS_CA_FILE, () -> tls.trustCertificates(path(config, TLS_CA_FILE)).build());
    }
    if (identifies) {
      char[] password = config.secret(TLS_CLIENT_CERT_PASSWORD).toCharArray();
      named(
          TLS_CLIENT_CERT_FILE,
          () -> tls.clientCertificate(path(config, TLS_CLIENT_CERT_FILE), password).build());
    }
    if (trusts || identifies) {
      builder.tls(tls.build());
    }
  }

  private static Path path(HttpReportSinkConfig config, String option) {
    return Path.of(config.text(option));
  }

  private static NodeSelector selector(HttpReportSinkConfig config) {
    return switch (config.text(SELECTOR)) {
      case "random" -> NodeSelector.random();
      case "round_robin" -> NodeSelector.roundRobin();
      case "weighted_by_load" -> NodeSelector.weightedByLoad();
      default -> NodeSelector.leastLoaded();
    };
  }

  /** The time alone ends a delivery: how often it is tried depends on how the servers fail. */
  static RetryPolicy retry(HttpReportSinkConfig config) {
    Duration deadline = config.retriesForever() ? FOR_EVER : config.millis(RETRY_TIMEOUT);
    return named(
        RETRY_TIMEOUT,
        () -> RetryPolicy.builder().maxAttempts(Integer.MAX_VALUE).deadline(deadline).build());
  }

  private static Batching batching(HttpReportSinkConfig config) {
    return Batching.builder()
        .linger(config.millis(LINGER))
        .maxMessages(config.getInt(BATCH_MESSAGES))
        .maxBytes(config.getInt(BATCH_BYTES))
        .dataTimeGranularity(config.millis(DATA_TIME_GRANULARITY))
        .build();
  }

  /** What threads are named after: the connector and the number of the task. */
  private static String name(HttpReportSinkConfig config) {
    String connector = String.valueOf(config.originals().getOrDefault("name", "http-report-sink"));
    String task = "-" + config.originals().getOrDefault(TASK_INDEX, 0);
    String plain = connector.replaceAll("[^A-Za-z0-9._-]", "-");
    return plain.substring(0, Math.min(plain.length(), MAX_NAME - task.length())) + task;
  }
}
