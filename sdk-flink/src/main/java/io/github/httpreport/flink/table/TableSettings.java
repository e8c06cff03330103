package io.github.httpreport.flink.table;

import io.github.httpreport.Batching;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.TlsSettings;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.flink.HttpReportSink;
import io.github.httpreport.flink.HttpReportSinkBuilder;
import io.github.httpreport.flink.SenderConfigurer;
import io.github.httpreport.flink.table.HttpReportOptions.OnRefused;
import io.github.httpreport.inlong.FormEncoding;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.inlong.InLongProtocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.FactoryUtil;
import org.jspecify.annotations.Nullable;

/**
 * The options of one table as settings of a sink. What a setting refuses becomes a {@link
 * ValidationException} with the key of the option.
 */
final class TableSettings {

  private final ReadableConfig options;
  private final ClassLoader loader;

  /**
   * The settings of a table.
   *
   * @param loader finds the class of {@link HttpReportOptions#CONFIGURER}
   */
  TableSettings(ReadableConfig options, ClassLoader loader) {
    this.options = options;
    this.loader = loader;
  }

  @Nullable String groupId() {
    return options.getOptional(HttpReportOptions.GROUP_ID).orElse(null);
  }

  @Nullable String streamId() {
    return options.getOptional(HttpReportOptions.STREAM_ID).orElse(null);
  }

  @Nullable Integer parallelism() {
    return options.getOptional(FactoryUtil.SINK_PARALLELISM).orElse(null);
  }

  /** A sink with everything but what comes from the rows. */
  HttpReportSinkBuilder<RowData> toSink() {
    HttpReportSinkBuilder<RowData> sink = HttpReportSink.builder();
    with(HttpReportOptions.MANAGER, sink, (s, v) -> s.manager(array(v)));
    with(HttpReportOptions.NODES, sink, (s, v) -> s.nodes(array(v)));
    with(HttpReportOptions.DATA_TIME_GRANULARITY, sink, HttpReportSinkBuilder::dataTimeGranularity);
    with(HttpReportOptions.BUFFER_MAX_BYTES, sink, (s, v) -> s.buffer(v.getBytes()));
    with(HttpReportOptions.BUFFER_TIMEOUT, sink, HttpReportSinkBuilder::bufferTimeout);
    with(HttpReportOptions.MAX_IN_FLIGHT, sink, HttpReportSinkBuilder::maxInFlight);
    with(HttpReportOptions.CONNECT_TIMEOUT, sink, HttpReportSinkBuilder::connectTimeout);
    with(HttpReportOptions.REQUEST_TIMEOUT, sink, HttpReportSinkBuilder::requestTimeout);
    sink.batching(batching()).retry(retry()).configure(configurer());
    setCredentials(sink);
    setTls(sink);
    if (options.get(HttpReportOptions.ON_REFUSED) == OnRefused.SKIP) {
      sink.onRefused(TableSettings::skip);
    }
    return sink;
  }

  /** A wrong stream in the options would skip every row, so only the row's own fault is skipped. */
  private static void skip(RowData row, RuntimeException cause) {
    if (cause instanceof RejectedException rejected && !rejected.isContentAtFault()) {
      throw rejected;
    }
  }

  private Batching batching() {
    Batching.Builder batching = Batching.builder();
    with(HttpReportOptions.BATCHING_LINGER, batching, Batching.Builder::linger);
    with(HttpReportOptions.BATCHING_MAX_MESSAGES, batching, Batching.Builder::maxMessages);
    with(HttpReportOptions.BATCHING_MAX_BYTES, batching, (b, v) -> b.maxBytes(toInt(v)));
    return batching.build();
  }

  private static int toInt(MemorySize size) {
    if (size.getBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("must be at most 2147483647 bytes, but is " + size);
    }
    return (int) size.getBytes();
  }

  private RetryPolicy retry() {
    RetryPolicy.Builder policy = RetryPolicy.builder();
    with(HttpReportOptions.RETRY_MAX_ATTEMPTS, policy, RetryPolicy.Builder::maxAttempts);
    with(HttpReportOptions.RETRY_DEADLINE, policy, RetryPolicy.Builder::deadline);
    with(HttpReportOptions.RETRY_BUDGET_RATIO, policy, RetryPolicy.Builder::budgetRatio);
    with(HttpReportOptions.RETRY_UNKNOWN_OUTCOME, policy, RetryPolicy.Builder::unknownOutcome);
    return valid(
        List.of(HttpReportOptions.RETRY_INITIAL_BACKOFF, HttpReportOptions.RETRY_MAX_BACKOFF),
        () -> policy.backoff(initialBackoff(), maxBackoff()).build());
  }

  private Duration initialBackoff() {
    return options
        .getOptional(HttpReportOptions.RETRY_INITIAL_BACKOFF)
        .orElse(RetryPolicy.defaults().initialBackoff());
  }

  private Duration maxBackoff() {
    return options
        .getOptional(HttpReportOptions.RETRY_MAX_BACKOFF)
        .orElse(RetryPolicy.defaults().maxBackoff());
  }

  private void setCredentials(HttpReportSinkBuilder<RowData> sink) {
    Optional<String> id = options.getOptional(HttpReportOptions.SECRET_ID);
    Optional<String> key = options.getOptional(HttpReportOptions.SECRET_KEY);
    requireBothOrNone(HttpReportOptions.SECRET_ID, id, HttpReportOptions.SECRET_KEY, key);
    if (id.isPresent() && key.isPresent()) {
      String secretId = id.get();
      String secretKey = key.get();
      valid(
          List.of(HttpReportOptions.SECRET_ID, HttpReportOptions.SECRET_KEY),
          () -> InLongManager.Credentials.of(secretId, secretKey));
      sink.credentials(() -> InLongManager.Credentials.of(secretId, secretKey));
    }
  }

  private void setTls(HttpReportSinkBuilder<RowData> sink) {
    String trusted = options.getOptional(HttpReportOptions.TLS_TRUST_CERTIFICATES).orElse(null);
    Optional<String> identity = options.getOptional(HttpReportOptions.TLS_CLIENT_CERTIFICATE);
    Optional<String> password =
        options.getOptional(HttpReportOptions.TLS_CLIENT_CERTIFICATE_PASSWORD);
    requireBothOrNone(
        HttpReportOptions.TLS_CLIENT_CERTIFICATE,
        identity,
        HttpReportOptions.TLS_CLIENT_CERTIFICATE_PASSWORD,
        password);
    if (trusted != null || identity.isPresent()) {
      String file = identity.orElse(null);
      String filePassword = password.orElse("");
      sink.tls(() -> tls(trusted, file, filePassword));
    }
  }

  /** Runs on the task managers, where the files are. */
  private static TlsSettings tls(
      @Nullable String trusted, @Nullable String identity, String password) {
    TlsSettings.Builder tls = TlsSettings.builder();
    if (trusted != null) {
      tls.trustCertificates(Path.of(trusted));
    }
    if (identity != null) {
      tls.clientCertificate(Path.of(identity), password.toCharArray());
    }
    return tls.build();
  }

  /** The class of the user comes last, so that it may choose another protocol. */
  private SenderConfigurer configurer() {
    FormEncoding encoding =
        options.getOptional(HttpReportOptions.ENCODING).orElse(FormEncoding.STANDARD);
    boolean newlines = options.getOptional(HttpReportOptions.ALLOW_NEWLINES).orElse(false);
    String proxy = options.getOptional(HttpReportOptions.PROXY).orElse(null);
    if (proxy != null) {
      valid(List.of(HttpReportOptions.PROXY), () -> HttpProxySender.builder().proxy(proxy));
    }
    SenderConfigurer own = ownConfigurer();
    return builder -> {
      builder.protocol(InLongProtocol.builder().encoding(encoding).allowNewlines(newlines).build());
      if (proxy != null) {
        builder.proxy(proxy);
      }
      own.configure(builder);
    };
  }

  private SenderConfigurer ownConfigurer() {
    String name = options.getOptional(HttpReportOptions.CONFIGURER).orElse(null);
    if (name == null) {
      return builder -> {};
    }
    try {
      return Class.forName(name, true, loader)
          .asSubclass(SenderConfigurer.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw invalid(
          List.of(HttpReportOptions.CONFIGURER), "cannot use class " + name + ": " + e, e);
    }
  }

  private static String[] array(List<String> values) {
    return values.toArray(String[]::new);
  }

  /** Changes settings by an option, if the table has it. */
  private <S, V> void with(ConfigOption<V> option, S settings, BiFunction<S, V, S> change) {
    options
        .getOptional(option)
        .ifPresent(value -> valid(List.of(option), () -> change.apply(settings, value)));
  }

  /** What a setting makes of these options, or an exception that names them. */
  static <R> R valid(List<ConfigOption<?>> named, Supplier<R> setting) {
    try {
      return setting.get();
    } catch (IllegalArgumentException e) {
      throw invalid(named, e.getMessage(), e);
    }
  }

  private static ValidationException invalid(
      List<ConfigOption<?>> named, @Nullable String why, Throwable cause) {
    String keys =
        named.stream().map(option -> "'" + option.key() + "'").collect(Collectors.joining(" and "));
    return new ValidationException("Invalid value of option " + keys + ": " + why, cause);
  }

  private static void requireBothOrNone(
      ConfigOption<?> one, Optional<?> first, ConfigOption<?> other, Optional<?> second) {
    if (first.isPresent() != second.isPresent()) {
      throw new ValidationException(
          "Options '%s' and '%s' must be set together, but only '%s' is"
              .formatted(one.key(), other.key(), (first.isPresent() ? one : other).key()));
    }
  }
}
