package io.github.httpreport.kafka.connect;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** The options of the connector: their definitions, and typed access to their values. */
final class HttpReportSinkConfig extends AbstractConfig {

  static final String PROTOCOL = "protocol";
  static final String MANAGER_URLS = "manager.urls";
  static final String MANAGER_SECRET_ID = "manager.secret.id";
  static final String MANAGER_SECRET_KEY = "manager.secret.key";
  static final String NODES = "nodes";
  static final String SELECTOR = "selector";
  static final String TLS_CA_FILE = "tls.ca.file";
  static final String TLS_CLIENT_CERT_FILE = "tls.client.cert.file";
  static final String TLS_CLIENT_CERT_PASSWORD = "tls.client.cert.password";
  static final String PROXY = "proxy";
  static final String CONNECT_TIMEOUT = "connect.timeout.ms";
  static final String REQUEST_TIMEOUT = "request.timeout.ms";
  static final String MAX_IN_FLIGHT = "max.in.flight.requests";

  static final String GROUP = "destination.group";
  static final String STREAM = "destination.stream";
  static final String TOPIC_PATTERN = "destination.topic.pattern";
  static final String DATA_TIME = "data.time";
  static final String DATA_TIME_GRANULARITY = "data.time.granularity.ms";
  static final String MESSAGE_KEY = "message.key";
  static final String TOMBSTONES = "tombstones";
  static final String TOMBSTONE_TEXT = "tombstone.text";
  static final String JSON_DECIMAL_FORMAT = "json.decimal.format";

  static final String LINGER = "batch.linger.ms";
  static final String BATCH_MESSAGES = "batch.max.messages";
  static final String BATCH_BYTES = "batch.max.bytes";
  static final String BUFFER_BYTES = "buffer.max.bytes";
  static final String BUFFER_RECORDS = "buffer.max.records";
  static final String MAX_BLOCK = "buffer.max.block.ms";
  static final String RETRY_BACKOFF = "retry.backoff.ms";
  static final String RETRY_TIMEOUT = "retry.timeout.ms";
  static final String FLUSH_TIMEOUT = "flush.timeout.ms";
  static final String CLOSE_TIMEOUT = "close.timeout.ms";

  /** Connect's own option, which its workers hand to tasks along with those of the connector. */
  static final String ERRORS_TOLERANCE = "errors.tolerance";

  private static final String SOURCE = "record";
  private static final long NO_END = -1;

  HttpReportSinkConfig(Map<String, String> properties) {
    super(definition(), properties, false);
  }

  /** A new definition of all options. */
  static ConfigDef definition() {
    ConfigDef all = new ConfigDef();
    defineServers(Options.of(all, "Servers"));
    ProtocolOptions.define(all);
    defineRecords(Options.of(all, "Records"));
    defineDelivery(Options.of(all, "Delivery"));
    return all;
  }

  private static void defineServers(Options options) {
    options
        .choice(
            PROTOCOL,
            "inlong",
            Importance.HIGH,
            "What the servers are: Apache InLong, eKuiper, Memphis or Tencent CKafka DataHub.",
            ProtocolOptions.NAMES)
        .list(
            MANAGER_URLS,
            Importance.HIGH,
            "URLs of InLong Managers, tried in turn, for example http://manager:8083. Exactly one of"
                + " this and nodes is needed; ckafka needs neither.")
        .text(
            MANAGER_SECRET_ID, null, Importance.MEDIUM, "The secret id that the Manager asks for.")
        .secret(
            MANAGER_SECRET_KEY, Importance.MEDIUM, "The secret key that belongs to the secret id.")
        .list(
            NODES,
            Importance.HIGH,
            "Nodes to report to instead of asking a Manager: host:port, or https://host:port.")
        .choice(
            SELECTOR,
            "least_loaded",
            Importance.LOW,
            "How a node is selected for a request.",
            SenderFactory.SELECTORS)
        .text(
            TLS_CA_FILE,
            null,
            Importance.MEDIUM,
            "A file on every worker with the certificates to trust, PEM or DER. Default the trust of"
                + " the worker's Java runtime.")
        .text(
            TLS_CLIENT_CERT_FILE,
            null,
            Importance.LOW,
            "A PKCS#12 file on every worker with the client certificate and its key.")
        .secret(
            TLS_CLIENT_CERT_PASSWORD,
            Importance.LOW,
            "The password of the client certificate's file and key.")
        .text(PROXY, null, Importance.LOW, "An HTTP proxy to go through: host:port.")
        .number(
            CONNECT_TIMEOUT,
            3_000L,
            1,
            Importance.LOW,
            "How long a connection may take, TLS included.")
        .number(
            REQUEST_TIMEOUT,
            null,
            1,
            Importance.LOW,
            "How long a response may take. Default what the protocol needs: 10 s, Memphis 20 s.")
        .integer(MAX_IN_FLIGHT, 64, 1, "Requests on the way at once, of one task.");
  }

  private static void defineRecords(Options options) {
    options
        .text(
            GROUP,
            null,
            Importance.HIGH,
            "The group that records belong to: text with ${topic} and with ${1}, ${2} or ${name} for"
                + " the groups of destination.topic.pattern. Needed for inlong; default ${topic} for"
                + " the others, which do not send it.")
        .text(
            STREAM,
            "${topic}",
            Importance.HIGH,
            "The stream that records belong to, written like destination.group.")
        .pattern(
            TOPIC_PATTERN,
            Importance.MEDIUM,
            "A regular expression for the whole name of a topic, whose groups destination.group and"
                + " destination.stream use. A record of a topic that does not match is refused.")
        .choice(
            DATA_TIME,
            SOURCE,
            Importance.MEDIUM,
            "The data time of a message: the timestamp of its record, or none for the time of"
                + " sending.",
            SOURCE,
            "none")
        .number(
            DATA_TIME_GRANULARITY,
            60_000L,
            1,
            Importance.MEDIUM,
            "Data times are rounded down to a multiple of this. Records share a request only with"
                + " equal data times, so 1, which keeps every time, makes about one request of each"
                + " record.")
        .choice(
            MESSAGE_KEY,
            "none",
            Importance.MEDIUM,
            "The key of a message: none, or the key of its record, which only ckafka takes.",
            "none",
            SOURCE)
        .choice(
            TOMBSTONES,
            "skip",
            Importance.MEDIUM,
            "What to do with a record whose value is null: skip it, fail it as a refused record, or"
                + " send tombstone.text in its place.",
            "skip",
            "fail",
            "text")
        .text(TOMBSTONE_TEXT, null, Importance.LOW, "The message that stands for a null value.")
        .choice(
            JSON_DECIMAL_FORMAT,
            "NUMERIC",
            Importance.LOW,
            "How decimals in structs and maps are written as JSON.",
            "NUMERIC",
            "BASE64");
  }

  private static void defineDelivery(Options options) {
    options
        .number(LINGER, 50L, 0, Importance.LOW, "How long a batch waits for more records.")
        .integer(BATCH_MESSAGES, 1_000, 1, "How many records a request holds at most.")
        .integer(BATCH_BYTES, 256 * 1024, 1, "How many bytes a request has at most, encoded.")
        .number(
            BUFFER_BYTES,
            32L * 1024 * 1024,
            1024,
            Importance.MEDIUM,
            "Bytes that a task holds at most, encoded, of records that are not acknowledged.")
        .integer(
            BUFFER_RECORDS,
            100_000,
            1,
            "Records that a task holds at most until they, and all before them in their partition,"
                + " are acknowledged.")
        .number(
            MAX_BLOCK,
            500L,
            1,
            Importance.LOW,
            "How long one put waits for room in the buffer, before the worker is told to bring its"
                + " records again.")
        .number(
            RETRY_BACKOFF,
            1_000L,
            1,
            Importance.LOW,
            "How long the worker waits before it brings records again that found no room.")
        .number(
            RETRY_TIMEOUT,
            NO_END,
            NO_END,
            Importance.MEDIUM,
            "How long records are tried while servers do not take them, before the task fails; -1"
                + " for as long as it lasts.")
        .number(
            FLUSH_TIMEOUT,
            1_000L,
            0,
            Importance.LOW,
            "How long a commit of offsets waits for records on their way, so that fewer of them are"
                + " sent again after a rebalance.")
        .number(
            CLOSE_TIMEOUT,
            3_000L,
            0,
            Importance.LOW,
            "How long a task that stops waits for records on their way. Stay below the worker's"
                + " task.shutdown.graceful.timeout.ms.");
  }

  boolean has(String option) {
    return get(option) != null;
  }

  /** The text of an option that is set or has a default. */
  String text(String option) {
    String value = getString(option);
    if (value == null) {
      throw new MissingOptionException(option);
    }
    return value;
  }

  @Nullable String textOrNull(String option) {
    return getString(option);
  }

  String secret(String option) {
    Password value = getPassword(option);
    if (value == null) {
      throw new MissingOptionException(option);
    }
    return value.value();
  }

  Duration millis(String option) {
    return Duration.ofMillis(getLong(option));
  }

  String[] items(String option) {
    List<String> items = getList(option);
    return items.toArray(String[]::new);
  }

  boolean hasItems(String option) {
    return !getList(option).isEmpty();
  }

  boolean usesRecordTime() {
    return text(DATA_TIME).equals(SOURCE);
  }

  boolean usesRecordKey() {
    return text(MESSAGE_KEY).equals(SOURCE);
  }

  boolean retriesForever() {
    return getLong(RETRY_TIMEOUT) == NO_END;
  }

  /** The group as written, or what stands for it where the protocol does not send it. */
  String groupTemplate() {
    String written = getString(GROUP);
    return written == null ? "${topic}" : written;
  }

  boolean toleratesAllErrors() {
    return "all".equalsIgnoreCase(String.valueOf(originals().get(ERRORS_TOLERANCE)).trim());
  }
}
