package io.github.httpreport.flink;

import io.github.httpreport.Batching;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.TlsSettings;
import io.github.httpreport.WhenFull;
import io.github.httpreport.inlong.InLongManager;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.util.function.SerializableFunction;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a sink; not safe for use by several threads. A bad value is refused by
 * name with an {@link IllegalArgumentException}, here and never in the first record. Functions,
 * suppliers and handlers travel with the job and must be serializable; each subtask has copies.
 *
 * @param <T> the type of the records
 */
public final class HttpReportSinkBuilder<T> {

  private static final String[] NONE = {};
  private static final int MAX_IN_FLIGHT = 64;

  private String[] managers = NONE;
  private String[] nodes = NONE;
  private @Nullable SerializableSupplier<InLongManager.Credentials> credentials;
  private @Nullable SerializableFunction<T, String> groupId;
  private @Nullable SerializableFunction<T, String> streamId;
  private @Nullable SerializationSchema<T> schema;
  private @Nullable SerializableFunction<T, String> text;
  private @Nullable SerializableFunction<T, @Nullable Instant> dataTime;
  private boolean isTimedByEvents;
  private @Nullable Duration dataTimeGranularity;
  private @Nullable SerializableFunction<T, @Nullable String> key;
  private @Nullable RefusedRecordHandler<T> handler;
  private BatchingSettings batching = BatchingSettings.of(Batching.defaults());
  private RetrySettings retry = RetrySettings.of(RetryPolicy.defaults());
  private long bufferBytes = 32L * 1024 * 1024;
  private @Nullable Duration bufferTimeout;
  private @Nullable Duration connectTimeout;
  private @Nullable Duration requestTimeout;
  private int maxInFlight = MAX_IN_FLIGHT;
  private @Nullable SerializableSupplier<TlsSettings> tls;
  private SenderConfigurer configurer = builder -> {};

  HttpReportSinkBuilder() {}

  /**
   * Takes the nodes of each group from an InLong Manager.
   *
   * @param urls one or more, for example {@code http://manager:8083}; tried in turn
   * @return this builder
   */
  public HttpReportSinkBuilder<T> manager(String... urls) {
    refuseByName("manager", () -> InLongManager.of(Pieces.texts(urls)));
    managers = urls.clone();
    return this;
  }

  /**
   * Reports to these nodes and asks no Manager.
   *
   * @param addresses at least one {@code host:port}, or {@code https://host:port} for TLS
   * @return this builder
   */
  public HttpReportSinkBuilder<T> nodes(String... addresses) {
    refuseByName("nodes", () -> HttpProxySender.builder().nodes(Pieces.texts(addresses)));
    nodes = addresses.clone();
    return this;
  }

  /**
   * Shows credentials to the Manager. Default none.
   *
   * @param value is asked on the task managers, before each request to the Manager and from any
   *     thread, so that secrets need not travel with the job and may change; must not block
   * @return this builder
   */
  public HttpReportSinkBuilder<T> credentials(
      SerializableSupplier<InLongManager.Credentials> value) {
    credentials = Pieces.serializable(value, "credentials");
    return this;
  }

  /**
   * Reports every record to this group.
   *
   * @param value the group, not blank
   * @return this builder
   */
  public HttpReportSinkBuilder<T> groupId(String value) {
    groupId = Pieces.constant(value, "groupId");
    return this;
  }

  /**
   * Reports each record to the group that a function names.
   *
   * @param value gives the group of a record; a blank one is refused with its record
   * @return this builder
   */
  public HttpReportSinkBuilder<T> groupId(SerializableFunction<T, String> value) {
    groupId = Pieces.serializable(value, "groupId");
    return this;
  }

  /**
   * Reports every record to this stream.
   *
   * @param value the stream, not blank
   * @return this builder
   */
  public HttpReportSinkBuilder<T> streamId(String value) {
    streamId = Pieces.constant(value, "streamId");
    return this;
  }

  /**
   * Reports each record to the stream that a function names.
   *
   * @param value gives the stream of a record; a blank one is refused with its record
   * @return this builder
   */
  public HttpReportSinkBuilder<T> streamId(SerializableFunction<T, String> value) {
    streamId = Pieces.serializable(value, "streamId");
    return this;
  }

  /**
   * Makes the body of a record with a schema. Either this or {@link #text} must be called.
   *
   * @param value gives text in UTF-8; a record that it gives other bytes or null for is refused
   * @return this builder
   */
  public HttpReportSinkBuilder<T> serializer(SerializationSchema<T> value) {
    schema = Pieces.serializable(value, "serializer");
    return this;
  }

  /**
   * Makes the body of a record with a function.
   *
   * @param value gives the text to report; a record that it gives null for is refused
   * @return this builder
   */
  public HttpReportSinkBuilder<T> text(SerializableFunction<T, String> value) {
    text = Pieces.serializable(value, "text");
    return this;
  }

  /**
   * Takes the time that a record belongs to from the record. Default the time of sending.
   *
   * @param value gives the time, kept in milliseconds; null for the time of sending
   * @return this builder
   */
  public HttpReportSinkBuilder<T> dataTime(SerializableFunction<T, @Nullable Instant> value) {
    dataTime = Pieces.serializable(value, "dataTime");
    return this;
  }

  /**
   * Takes the time that a record belongs to from Flink's timestamp of the record, where it has one.
   *
   * @return this builder
   */
  public HttpReportSinkBuilder<T> dataTimeFromTimestamp() {
    isTimedByEvents = true;
    return this;
  }

  /**
   * Rounds the times of records down. Records share a batch only with equal times, so exact ones
   * make about one request a record. Default 1 ms, which keeps every time as it is.
   *
   * @param value a whole number of milliseconds, at least 1
   * @return this builder
   */
  public HttpReportSinkBuilder<T> dataTimeGranularity(Duration value) {
    Batching.builder().dataTimeGranularity(Pieces.required(value, "dataTimeGranularity"));
    dataTimeGranularity = value;
    return this;
  }

  /**
   * Gives each record a key, for servers that have keyed messages. Default none.
   *
   * @param value gives the key of a record; null for none
   * @return this builder
   */
  public HttpReportSinkBuilder<T> key(SerializableFunction<T, @Nullable String> value) {
    key = Pieces.serializable(value, "key");
    return this;
  }

  /**
   * Hands records that the server refuses for good to a handler and counts them in the metric
   * {@code numRecordsRefused}. Default: such a record fails the job. When a batch is refused for
   * its content, each of its records is sent again in a request of its own, and the handler gets
   * those that are refused then. Records that may yet be refused are kept in memory besides the
   * buffer, with their bodies.
   *
   * @param value gets each refused record
   * @return this builder
   */
  public HttpReportSinkBuilder<T> onRefused(RefusedRecordHandler<T> value) {
    handler = Pieces.serializable(value, "onRefused");
    return this;
  }

  /**
   * Seals batches by these limits. Default {@link Batching#defaults()}.
   *
   * @param value the limits of each subtask
   * @return this builder
   */
  public HttpReportSinkBuilder<T> batching(Batching value) {
    batching = BatchingSettings.of(Pieces.required(value, "batching"));
    return this;
  }

  /**
   * Retries by this policy. Default {@link RetryPolicy#defaults()}. Its deadline bounds how long a
   * checkpoint waits for one record: keep it below the checkpoint timeout of the job, so that a
   * server that is down fails the job with a cause.
   *
   * @param value the policy
   * @return this builder
   */
  public HttpReportSinkBuilder<T> retry(RetryPolicy value) {
    retry = RetrySettings.of(Pieces.required(value, "retry"));
    return this;
  }

  /**
   * Bounds what each subtask has accepted and the server has not acknowledged. Default 32 MiB.
   *
   * @param maxBytes at least 1024
   * @return this builder
   */
  public HttpReportSinkBuilder<T> buffer(long maxBytes) {
    HttpProxySender.builder().buffer(maxBytes, WhenFull.fail());
    bufferBytes = maxBytes;
    return this;
  }

  /**
   * How long a full buffer holds up the subtask, which is back-pressure for the job, before the job
   * fails with a {@link io.github.httpreport.error.BufferFullException}. Default the deadline of
   * the retry policy. Keep it below the checkpoint timeout of the job.
   *
   * @param value more than zero
   * @return this builder
   */
  public HttpReportSinkBuilder<T> bufferTimeout(Duration value) {
    Duration present = Pieces.required(value, "bufferTimeout");
    refuseByName("bufferTimeout", () -> WhenFull.block(present));
    bufferTimeout = value;
    return this;
  }

  /**
   * Gives up on a connection after this time, TLS included. Default 3 s.
   *
   * @param value more than zero
   * @return this builder
   */
  public HttpReportSinkBuilder<T> connectTimeout(Duration value) {
    HttpProxySender.builder().connectTimeout(Pieces.required(value, "connectTimeout"));
    connectTimeout = value;
    return this;
  }

  /**
   * Gives up on a response after this time. Default what the protocol needs: 10 s for InLong.
   *
   * @param value more than zero
   * @return this builder
   */
  public HttpReportSinkBuilder<T> requestTimeout(Duration value) {
    HttpProxySender.builder().requestTimeout(Pieces.required(value, "requestTimeout"));
    requestTimeout = value;
    return this;
  }

  /**
   * Requests of each subtask that are on the way at once. Default 64.
   *
   * @param value at least 1
   * @return this builder
   */
  public HttpReportSinkBuilder<T> maxInFlight(int value) {
    HttpProxySender.builder().maxInFlight(value);
    maxInFlight = value;
    return this;
  }

  /**
   * Whom to trust and who to be over TLS. Default the trust of the Java runtime.
   *
   * @param value is asked once in each subtask, so that files are those of the task manager
   * @return this builder
   */
  public HttpReportSinkBuilder<T> tls(SerializableSupplier<TlsSettings> value) {
    tls = Pieces.serializable(value, "tls");
    return this;
  }

  /**
   * Changes every other setting of the senders: the protocol with its nodes, the selector, a proxy.
   *
   * @param value runs here, so that mistakes are refused, and once in each subtask
   * @return this builder
   */
  public HttpReportSinkBuilder<T> configure(SenderConfigurer value) {
    configurer = Pieces.serializable(value, "configure");
    return this;
  }

  /**
   * The sink. Does no I/O.
   *
   * @return a new sink
   * @throws IllegalArgumentException if a setting is missing or two contradict each other; the text
   *     names them
   */
  public HttpReportSink<T> build() {
    checkBody();
    checkDataTime();
    if (credentials != null && managers.length == 0) {
      throw new IllegalArgumentException("credentials are for a manager, and there is none");
    }
    RecordMapping<T> mapping =
        new RecordMapping<>(
            Pieces.required(groupId, "groupId"),
            Pieces.required(streamId, "streamId"),
            schema,
            text,
            dataTime,
            isTimedByEvents,
            key);
    SenderSettings settings = settings();
    settings.check();
    return new HttpReportSink<>(settings, mapping, handler);
  }

  private void checkBody() {
    if (schema == null && text == null) {
      throw new IllegalArgumentException("exactly one of serializer and text must be set");
    }
    if (schema != null && text != null) {
      throw new IllegalArgumentException(
          "exactly one of serializer and text must be set, but both are");
    }
  }

  private void checkDataTime() {
    boolean timed = dataTime != null;
    if (timed && isTimedByEvents) {
      throw new IllegalArgumentException(
          "at most one of dataTime and dataTimeFromTimestamp may be set, but both are");
    }
    if (dataTimeGranularity != null && !timed && !isTimedByEvents) {
      throw new IllegalArgumentException(
          "dataTimeGranularity rounds data times, and neither dataTime nor dataTimeFromTimestamp"
              + " is set");
    }
    if (dataTimeGranularity != null && batching.contradicts(dataTimeGranularity)) {
      throw new IllegalArgumentException(
          "dataTimeGranularity is "
              + dataTimeGranularity
              + ", but that of batching is "
              + batching.dataTimeGranularity());
    }
  }

  private SenderSettings settings() {
    return new SenderSettings(
        managers,
        nodes,
        credentials,
        tls,
        dataTimeGranularity == null
            ? batching
            : batching.withDataTimeGranularity(dataTimeGranularity),
        retry,
        bufferBytes,
        bufferTimeout,
        connectTimeout,
        requestTimeout,
        maxInFlight,
        configurer);
  }

  private static void refuseByName(String name, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }
}
