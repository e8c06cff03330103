package io.github.httpreport.flink.table;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.inlong.FormEncoding;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * The options of a table with the connector {@code http-report}. An option that has no default here
 * has that of the setting of the sink with the same name.
 */
public final class HttpReportOptions {

  /** What a table does with a row that the server refuses for good. */
  public enum OnRefused {
    /** Fails the job. */
    FAIL,
    /**
     * Counts the row in {@code numRecordsRefused} and goes on, if the row itself is at fault. A
     * wrong group, stream or setting fails the job all the same.
     */
    SKIP
  }

  /** Managers, separated by semicolons. */
  public static final ConfigOption<List<String>> MANAGER =
      ConfigOptions.key("manager")
          .stringType()
          .asList()
          .noDefaultValue()
          .withDescription("URLs of InLong Managers, separated by semicolons; or nodes is set.");

  /** Nodes, separated by semicolons. */
  public static final ConfigOption<List<String>> NODES =
      ConfigOptions.key("nodes")
          .stringType()
          .asList()
          .noDefaultValue()
          .withDescription("host:port of each node, separated by semicolons; or manager is set.");

  /** The user that a Manager knows. */
  public static final ConfigOption<String> SECRET_ID =
      text("secret-id", "The user for a Manager with authentication.");

  /** What proves the user. */
  public static final ConfigOption<String> SECRET_KEY =
      text("secret-key", "The key of the user for a Manager with authentication.");

  /** The group of rows that name none. */
  public static final ConfigOption<String> GROUP_ID =
      text("group-id", "The group; rows may name another in the metadata column group-id.");

  /** The stream of rows that name none. */
  public static final ConfigOption<String> STREAM_ID =
      text("stream-id", "The stream; rows may name another in the metadata column stream-id.");

  /** The granularity of data times. */
  public static final ConfigOption<Duration> DATA_TIME_GRANULARITY =
      duration("data-time.granularity", "Rounds the metadata column data-time down.");

  /** How long a batch waits. */
  public static final ConfigOption<Duration> BATCHING_LINGER =
      duration("batching.linger", "How long a batch waits for more rows.");

  /** How many rows a batch has. */
  public static final ConfigOption<Integer> BATCHING_MAX_MESSAGES =
      integer("batching.max-messages", "How many rows a batch has at most.");

  /** How large a batch is. */
  public static final ConfigOption<MemorySize> BATCHING_MAX_BYTES =
      size("batching.max-bytes", "How large a batch is at most, encoded.");

  /** What a subtask keeps. */
  public static final ConfigOption<MemorySize> BUFFER_MAX_BYTES =
      size("buffer.max-bytes", "What a subtask accepts and the server has not acknowledged.");

  /** How long a full buffer may stop a subtask. */
  public static final ConfigOption<Duration> BUFFER_TIMEOUT =
      duration("buffer.timeout", "How long a full buffer holds up the subtask before it fails.");

  /** Attempts in all. */
  public static final ConfigOption<Integer> RETRY_MAX_ATTEMPTS =
      integer("retry.max-attempts", "Attempts for a batch, the first included.");

  /** The bound of the first wait. */
  public static final ConfigOption<Duration> RETRY_INITIAL_BACKOFF =
      duration("retry.initial-backoff", "The bound of the wait before the first retry.");

  /** The bound of every wait. */
  public static final ConfigOption<Duration> RETRY_MAX_BACKOFF =
      duration("retry.max-backoff", "The bound of the wait before any retry.");

  /** How long a delivery takes. */
  public static final ConfigOption<Duration> RETRY_DEADLINE =
      duration("retry.deadline", "How long a batch may take in all, retries included.");

  /** Retries that each first attempt pays for. */
  public static final ConfigOption<Double> RETRY_BUDGET_RATIO =
      ConfigOptions.key("retry.budget-ratio")
          .doubleType()
          .noDefaultValue()
          .withDescription("How many retries each first attempt pays for.");

  /** What to do when nobody knows whether rows were stored. */
  public static final ConfigOption<RetryPolicy.UnknownOutcome> RETRY_UNKNOWN_OUTCOME =
      ConfigOptions.key("retry.unknown-outcome")
          .enumType(RetryPolicy.UnknownOutcome.class)
          .noDefaultValue()
          .withDescription(
              "Sends a batch again, or fails, when no response says what became of it.");

  /** Requests at a time. */
  public static final ConfigOption<Integer> MAX_IN_FLIGHT =
      integer("max-in-flight", "Requests of a subtask that are on the way at once.");

  /** The time to connect. */
  public static final ConfigOption<Duration> CONNECT_TIMEOUT =
      duration("connect-timeout", "Gives up on a connection after this time.");

  /** The time for a response. */
  public static final ConfigOption<Duration> REQUEST_TIMEOUT =
      duration("request-timeout", "Gives up on a response after this time.");

  /** Whom to trust. */
  public static final ConfigOption<String> TLS_TRUST_CERTIFICATES =
      text("tls.trust-certificates", "A PEM file on the task managers with what to trust.");

  /** Who to be. */
  public static final ConfigOption<String> TLS_CLIENT_CERTIFICATE =
      text("tls.client-certificate", "A PKCS#12 file on the task managers with a private key.");

  /** The password of the file with the key. */
  public static final ConfigOption<String> TLS_CLIENT_CERTIFICATE_PASSWORD =
      text("tls.client-certificate-password", "The password of tls.client-certificate.");

  /** A proxy. */
  public static final ConfigOption<String> PROXY = text("proxy", "host:port of an HTTP proxy.");

  /** The encoding of bodies. */
  public static final ConfigOption<FormEncoding> ENCODING =
      ConfigOptions.key("encoding")
          .enumType(FormEncoding.class)
          .noDefaultValue()
          .withDescription("How bodies are escaped on their way to InLong.");

  /** Whether a row may hold a newline. */
  public static final ConfigOption<Boolean> ALLOW_NEWLINES =
      ConfigOptions.key("allow-newlines")
          .booleanType()
          .noDefaultValue()
          .withDescription("Whether a row may hold a newline, at which InLong splits it.");

  /** More settings, by code. */
  public static final ConfigOption<String> CONFIGURER =
      text(
          "sender.configurer",
          "A class that implements SenderConfigurer and has a public constructor without"
              + " arguments, for other protocols and all that has no option.");

  /** What becomes of refused rows. */
  public static final ConfigOption<OnRefused> ON_REFUSED =
      ConfigOptions.key("sink.on-refused")
          .enumType(OnRefused.class)
          .defaultValue(OnRefused.FAIL)
          .withDescription("What to do with a row that the server refuses for good.");

  static final Set<ConfigOption<?>> OPTIONAL =
      Set.of(
          MANAGER,
          NODES,
          SECRET_ID,
          SECRET_KEY,
          GROUP_ID,
          STREAM_ID,
          DATA_TIME_GRANULARITY,
          BATCHING_LINGER,
          BATCHING_MAX_MESSAGES,
          BATCHING_MAX_BYTES,
          BUFFER_MAX_BYTES,
          BUFFER_TIMEOUT,
          RETRY_MAX_ATTEMPTS,
          RETRY_INITIAL_BACKOFF,
          RETRY_MAX_BACKOFF,
          RETRY_DEADLINE,
          RETRY_BUDGET_RATIO,
          RETRY_UNKNOWN_OUTCOME,
          MAX_IN_FLIGHT,
          CONNECT_TIMEOUT,
          REQUEST_TIMEOUT,
          TLS_TRUST_CERTIFICATES,
          TLS_CLIENT_CERTIFICATE,
          TLS_CLIENT_CERTIFICATE_PASSWORD,
          PROXY,
          ENCODING,
          ALLOW_NEWLINES,
          CONFIGURER,
          ON_REFUSED,
          FactoryUtil.SINK_PARALLELISM);

  private HttpReportOptions() {}

  private static ConfigOption<String> text(String key, String description) {
    return ConfigOptions.key(key).stringType().noDefaultValue().withDescription(description);
  }

  private static ConfigOption<Integer> integer(String key, String description) {
    return ConfigOptions.key(key).intType().noDefaultValue().withDescription(description);
  }

  private static ConfigOption<Duration> duration(String key, String description) {
    return ConfigOptions.key(key).durationType().noDefaultValue().withDescription(description);
  }

  private static ConfigOption<MemorySize> size(String key, String description) {
    return ConfigOptions.key(key).memoryType().noDefaultValue().withDescription(description);
  }
}
