package io.github.httpreport.spring;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.inlong.FormEncoding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Properties of one sender, each named after the setting of {@code HttpProxySender.builder()} that
 * it makes. A property that is not set keeps the default of the builder. The component comments are
 * the descriptions that editors show.
 *
 * @param manager URLs of the InLong Managers, tried in turn.
 * @param credentials Credentials for a Manager with authentication.
 * @param nodes Fixed nodes in place of a Manager, each as host:port, or https://host:port for TLS.
 * @param nodeSource Name of a NodeSource bean in place of a Manager.
 * @param protocol Protocol of the server: "inlong", or the name of a WireProtocol bean.
 * @param inlong Settings of the InLong protocol and of its Manager.
 * @param selector Selection of nodes: "least-loaded", "random", "round-robin", "weighted-by-load",
 *     or the name of a NodeSelector bean. Default "least-loaded".
 * @param retry When and how often a delivery is tried again.
 * @param batching When a batch of enqueued messages is sealed.
 * @param buffer Bound of the messages that are accepted and not settled.
 * @param connectTimeout Time for a connection, TLS included. Default 3s.
 * @param requestTimeout Time for a response. Default 10s for InLong.
 * @param closeTimeout Time for accepted messages at shutdown, within
 *     spring.lifecycle.timeout-per-shutdown-phase. Default 30s.
 * @param maxInFlight Requests in flight at once, over all nodes. Default 64.
 * @param tls Trust and identity for https addresses.
 * @param proxy HTTP proxy as host:port. Default none.
 * @param snapshots Directory for node lists that are used when no Manager answers at the start.
 *     Default none.
 * @param spool Messages kept on disk.
 * @param metrics Metrics: "micrometer", "none", or the name of a SenderMetrics bean. Default
 *     "micrometer" where the application has one MeterRegistry.
 * @param callbackExecutor Name of an Executor bean that runs the callbacks of futures. Default the
 *     threads of the sender.
 * @param name Name of the sender in threads and meters. Default "http-report", and for a named
 *     sender its key.
 */
@ConfigurationProperties(SenderProperties.PREFIX)
record SenderProperties(
    @DefaultValue List<String> manager,
    @DefaultValue Credentials credentials,
    @DefaultValue List<String> nodes,
    @Nullable String nodeSource,
    @DefaultValue("inlong") String protocol,
    @DefaultValue InLong inlong,
    @Nullable String selector,
    @DefaultValue Retry retry,
    @DefaultValue Batches batching,
    @DefaultValue Buffer buffer,
    @Nullable Duration connectTimeout,
    @Nullable Duration requestTimeout,
    @Nullable Duration closeTimeout,
    @Nullable Integer maxInFlight,
    @DefaultValue Tls tls,
    @Nullable String proxy,
    @Nullable Path snapshots,
    @DefaultValue Spool spool,
    @Nullable String metrics,
    @Nullable String callbackExecutor,
    @Nullable String name) {

  static final String PREFIX = "http-report";

  /** The name that customizers and connection details know the sender of the prefix itself by. */
  static final String DEFAULT_SENDER = "default";

  /** A sender that {@code http-report} itself describes, as a condition and messages call it. */
  static String prefixOf(String sender) {
    return sender.equals(DEFAULT_SENDER) ? PREFIX : PREFIX + ".senders." + sender;
  }

  /**
   * Credentials for a Manager.
   *
   * @param secretId Secret id for the Manager.
   * @param secretKey Secret key for the Manager.
   */
  record Credentials(@Nullable String secretId, @Nullable String secretKey) {

    /** Never shows the key. */
    @Override
    public String toString() {
      return "Credentials[" + secretId + ']';
    }
  }

  /**
   * The InLong protocol and its Manager.
   *
   * @param encoding How bodies are written into the form. Default standard.
   * @param allowNewlines Whether a body may hold newlines, of which InLong makes several messages.
   *     Default false.
   * @param retryUnknownTopic Whether to try again when a node does not know the group or stream.
   *     Default false.
   * @param maxRequestBytes Largest request body where the cluster reports none. Default 512KB.
   * @param refreshInterval Time between two look-ups of the nodes of a group. Default 60s.
   * @param clusterName Name of the cluster whose nodes are used, as the Manager knows it. Default
   *     any.
   */
  record InLong(
      @Nullable FormEncoding encoding,
      @Nullable Boolean allowNewlines,
      @Nullable Boolean retryUnknownTopic,
      @Nullable DataSize maxRequestBytes,
      @Nullable Duration refreshInterval,
      @Nullable String clusterName) {}

  /**
   * Attempts of a delivery.
   *
   * @param maxAttempts Attempts of a delivery at most. Default 30.
   * @param initialBackoff Wait before the second attempt. Default 100ms.
   * @param maxBackoff Longest wait between two attempts. Default 10s.
   * @param deadline Time for a delivery with all its attempts. Default 2m.
   * @param budgetRatio Retries for each request that succeeded, which keeps a failing cluster from
   *     doubling the traffic.
   * @param unknownOutcome Whether to resend or to fail when a request may have been stored or not.
   *     Default resend.
   */
  record Retry(
      @Nullable Integer maxAttempts,
      @Nullable Duration initialBackoff,
      @Nullable Duration maxBackoff,
      @Nullable Duration deadline,
      @Nullable Double budgetRatio,
      RetryPolicy.@Nullable UnknownOutcome unknownOutcome) {}

  /**
   * Limits of a batch.
   *
   * @param linger Time that a batch waits for more messages. Default 50ms.
   * @param maxMessages Messages of a batch at most. Default 1,000.
   * @param maxBytes Encoded size of a batch at most. Default 256KB.
   * @param dataTimeGranularity Granularity to which data times are rounded down. Default 1ms.
   */
  record Batches(
      @Nullable Duration linger,
      @Nullable Integer maxMessages,
      @Nullable DataSize maxBytes,
      @Nullable Duration dataTimeGranularity) {}

  /**
   * Bound of the memory.
   *
   * @param maxBytes Size of the buffer. Default 32MB.
   * @param whenFull Whether a send without room blocks, fails, or spills to the spool. Default
   *     block.
   * @param blockTimeout Longest wait for room, with when-full "block". Default 10s.
   */
  record Buffer(
      @DefaultValue("32MB") DataSize maxBytes,
      @DefaultValue("block") WhenFullAction whenFull,
      @DefaultValue("10s") Duration blockTimeout) {}

  /** The kinds of {@code WhenFull}. */
  enum WhenFullAction {
    BLOCK,
    FAIL,
    SPILL
  }

  /**
   * Trust and identity.
   *
   * @param bundle Name of an SSL bundle of spring.ssl.bundle, in place of the files.
   * @param trustCertificates File with the certificates to trust, PEM or DER. Default the trust of
   *     the Java runtime.
   * @param clientCertificate PKCS#12 file with a client certificate and its key. Default none.
   * @param clientCertificatePassword Password of the PKCS#12 file and its key.
   */
  record Tls(
      @Nullable String bundle,
      @Nullable Path trustCertificates,
      @Nullable Path clientCertificate,
      @Nullable String clientCertificatePassword) {

    boolean hasFiles() {
      return trustCertificates != null || clientCertificate != null;
    }

    /** Never shows the password. */
    @Override
    public String toString() {
      return "Tls[" + bundle + ", " + trustCertificates + ", " + clientCertificate + ']';
    }
  }

  /**
   * Messages on disk.
   *
   * @param directory Directory of the spool, which belongs to one sender alone. Default no spool.
   * @param maxBytes Size of the spool at most. Default 1GB.
   * @param maxAge Age at which messages are given up. Default 7d.
   * @param writeAhead Whether every message goes to disk first. Default false.
   */
  record Spool(
      @Nullable Path directory,
      @Nullable DataSize maxBytes,
      @Nullable Duration maxAge,
      @Nullable Boolean writeAhead) {}
}
