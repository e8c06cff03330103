package io.github.httpreport.spring;

import io.github.httpreport.Batching;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.WhenFull;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.inlong.InLongProtocol;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.spool.SpoolException;
import io.github.httpreport.spool.SpoolSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.unit.DataSize;

/**
 * Factory of senders: applies the properties of a sender to its builder, then connection details,
 * then the customizers of the application.
 */
final class SenderFactory {

  private static final String INLONG = "inlong";

  private final BeanFactory beans;
  private final SenderTls tls;
  private final SenderMeters meters;
  private final ObjectProvider<HttpReportConnectionDetails> details;
  private final ObjectProvider<HttpReportSenderCustomizer> customizers;

  SenderFactory(
      BeanFactory beans,
      SenderTls tls,
      SenderMeters meters,
      ObjectProvider<HttpReportConnectionDetails> details,
      ObjectProvider<HttpReportSenderCustomizer> customizers) {
    this.beans = beans;
    this.tls = tls;
    this.meters = meters;
    this.details = details;
    this.customizers = customizers;
  }

  /**
   * Makes a sender; does no I/O unless it has a spool or files of certificates.
   *
   * @param sender its key; {@link SenderProperties#DEFAULT_SENDER} for the default one
   * @throws SenderConfigurationException if the properties are wrong or contradict each other
   */
  HttpProxySender create(String sender, SenderProperties properties) {
    try {
      HttpProxySender.Builder builder = HttpProxySender.builder();
      String name = nameOf(sender, properties);
      builder.name(name);
      applyServer(builder, sender, properties);
      applyDelivery(builder, properties);
      tls.apply(builder, properties.tls());
      meters.apply(builder, name, properties.metrics());
      customizers.orderedStream().forEach(each -> each.customize(sender, builder));
      return builder.build();
    } catch (IllegalArgumentException | IllegalStateException | SpoolException e) {
      throw new SenderConfigurationException(sender, e);
    }
  }

  private static String nameOf(String sender, SenderProperties properties) {
    String standard =
        sender.equals(SenderProperties.DEFAULT_SENDER) ? SenderProperties.PREFIX : sender;
    return properties.name() == null ? standard : properties.name();
  }

  private void applyServer(
      HttpProxySender.Builder builder, String sender, SenderProperties properties) {
    builder.protocol(protocol(properties));
    Optional<HttpReportConnectionDetails> replaced =
        details.orderedStream().filter(each -> each.appliesTo(sender)).findFirst();
    if (replaced.isPresent()) {
      applyAddresses(builder, properties, replaced.get());
      return;
    }
    applyAddresses(builder, properties, new PropertiesConnectionDetails(properties));
    ifSet(
        properties.nodeSource(),
        bean -> builder.nodeSource(bean("node-source", bean, NodeSource.class)));
  }

  private static void applyAddresses(
      HttpProxySender.Builder builder,
      SenderProperties properties,
      HttpReportConnectionDetails addresses) {
    List<String> managers = addresses.getManagers();
    SenderProperties.InLong inlong = properties.inlong();
    String id = addresses.getSecretId();
    String key = addresses.getSecretKey();
    boolean plain = inlong.refreshInterval() == null && inlong.clusterName() == null;
    if (!managers.isEmpty() && !plain) {
      builder.nodeSource(manager(managers, inlong, id, key));
    } else {
      if (!managers.isEmpty()) {
        builder.manager(managers.toArray(String[]::new));
      }
      applyCredentials(builder, id, key);
    }
    if (!addresses.getNodes().isEmpty()) {
      builder.nodes(addresses.getNodes().toArray(String[]::new));
    }
  }

  private static void applyCredentials(
      HttpProxySender.Builder builder, @Nullable String id, @Nullable String key) {
    if (id != null || key != null) {
      builder.credentials(required(id, "secret-id"), required(key, "secret-key"));
    }
  }

  private static String required(@Nullable String value, String name) {
    if (value == null) {
      throw new IllegalArgumentException("credentials." + name + " must be set with the other one");
    }
    return value;
  }

  /** The Manager with the settings that only its own builder has. */
  private static NodeSource manager(
      List<String> urls,
      SenderProperties.InLong inlong,
      @Nullable String id,
      @Nullable String key) {
    InLongManager.Builder builder = InLongManager.builder(urls.toArray(String[]::new));
    ifSet(inlong.refreshInterval(), builder::refreshInterval);
    ifSet(inlong.clusterName(), builder::clusterName);
    if (id != null || key != null) {
      builder.credentials(required(id, "secret-id"), required(key, "secret-key"));
    }
    return builder.build();
  }

  private WireProtocol protocol(SenderProperties properties) {
    return properties.protocol().equals(INLONG)
        ? inLong(properties.inlong())
        : bean("protocol", properties.protocol(), WireProtocol.class);
  }

  static WireProtocol inLong(SenderProperties.InLong properties) {
    InLongProtocol.Builder protocol = InLongProtocol.builder();
    ifSet(properties.encoding(), protocol::encoding);
    ifSet(properties.allowNewlines(), protocol::allowNewlines);
    ifSet(properties.retryUnknownTopic(), protocol::retryUnknownTopic);
    ifSet(
        properties.maxRequestBytes(),
        size -> protocol.maxRequestBytes(bytes("inlong.max-request-bytes", size)));
    return protocol.build();
  }

  private void applyDelivery(HttpProxySender.Builder builder, SenderProperties properties) {
    ifSet(properties.selector(), value -> builder.selector(selector(value)));
    builder.retry(retry(properties.retry()));
    builder.batching(batching(properties.batching()));
    SenderProperties.Buffer buffer = properties.buffer();
    builder.buffer(buffer.maxBytes().toBytes(), whenFull(buffer));
    ifSet(properties.connectTimeout(), builder::connectTimeout);
    ifSet(properties.requestTimeout(), builder::requestTimeout);
    ifSet(properties.closeTimeout(), builder::closeTimeout);
    ifSet(properties.maxInFlight(), builder::maxInFlight);
    ifSet(properties.proxy(), builder::proxy);
    ifSet(properties.snapshots(), builder::snapshots);
    applySpool(builder, properties.spool());
    ifSet(
        properties.callbackExecutor(),
        bean -> builder.callbackExecutor(bean("callback-executor", bean, Executor.class)));
  }

  private NodeSelector selector(String value) {
    return switch (value) {
      case "least-loaded" -> NodeSelector.leastLoaded();
      case "random" -> NodeSelector.random();
      case "round-robin" -> NodeSelector.roundRobin();
      case "weighted-by-load" -> NodeSelector.weightedByLoad();
      default -> bean("selector", value, NodeSelector.class);
    };
  }

  private static RetryPolicy retry(SenderProperties.Retry properties) {
    RetryPolicy.Builder retry = RetryPolicy.builder();
    ifSet(properties.maxAttempts(), retry::maxAttempts);
    if (properties.initialBackoff() != null || properties.maxBackoff() != null) {
      RetryPolicy standard = RetryPolicy.defaults();
      retry.backoff(
          orElse(properties.initialBackoff(), standard.initialBackoff()),
          orElse(properties.maxBackoff(), standard.maxBackoff()));
    }
    ifSet(properties.deadline(), retry::deadline);
    ifSet(properties.budgetRatio(), retry::budgetRatio);
    ifSet(properties.unknownOutcome(), retry::unknownOutcome);
    return retry.build();
  }

  private static Duration orElse(@Nullable Duration value, Duration standard) {
    return value == null ? standard : value;
  }

  private static Batching batching(SenderProperties.Batches properties) {
    Batching.Builder batching = Batching.builder();
    ifSet(properties.linger(), batching::linger);
    ifSet(properties.maxMessages(), batching::maxMessages);
    ifSet(properties.maxBytes(), size -> batching.maxBytes(bytes("batching.max-bytes", size)));
    ifSet(properties.dataTimeGranularity(), batching::dataTimeGranularity);
    return batching.build();
  }

  private static WhenFull whenFull(SenderProperties.Buffer buffer) {
    return switch (buffer.whenFull()) {
      case BLOCK -> WhenFull.block(buffer.blockTimeout());
      case FAIL -> WhenFull.fail();
      case SPILL -> WhenFull.spill();
    };
  }

  private static void applySpool(
      HttpProxySender.Builder builder, SenderProperties.Spool properties) {
    if (properties.directory() == null) {
      boolean isEmpty = properties.equals(new SenderProperties.Spool(null, null, null, null));
      if (!isEmpty) {
        throw new IllegalArgumentException("spool.directory must be set for a spool");
      }
      return;
    }
    SpoolSettings.Builder spool = SpoolSettings.builder(properties.directory());
    ifSet(properties.maxBytes(), size -> spool.maxBytes(size.toBytes()));
    ifSet(properties.maxAge(), spool::maxAge);
    ifSet(properties.writeAhead(), spool::writeAhead);
    builder.spool(spool.build());
  }

  private static int bytes(String property, DataSize size) {
    if (size.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          property + " must be at most " + Integer.MAX_VALUE + " bytes, but is " + size.toBytes());
    }
    return (int) size.toBytes();
  }

  private <T> T bean(String property, String name, Class<T> type) {
    return SenderBeans.required(beans, property, name, type);
  }

  private static <T> void ifSet(@Nullable T value, Consumer<T> setting) {
    if (value != null) {
      setting.accept(value);
    }
  }
}
