package io.github.httpreport.flink;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.TlsSettings;
import io.github.httpreport.WhenFull;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.spool.SpoolException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a task manager makes the sender of a subtask of. Everything in it travels with the job, so
 * secrets and key material are suppliers, which the task manager asks.
 */
record SenderSettings(
    String[] managers,
    String[] nodes,
    @Nullable SerializableSupplier<InLongManager.Credentials> credentials,
    @Nullable SerializableSupplier<TlsSettings> tls,
    BatchingSettings batching,
    RetrySettings retry,
    long bufferBytes,
    @Nullable Duration bufferTimeout,
    @Nullable Duration connectTimeout,
    @Nullable Duration requestTimeout,
    int maxInFlight,
    SenderConfigurer configurer)
    implements Serializable {

  /** The sender of a subtask. Does no I/O but what the supplier of the TLS settings does. */
  HttpProxySender open(String name, SenderMetrics metrics) {
    HttpProxySender.Builder builder = builder(credentials);
    if (tls != null) {
      builder.tls(tls.get());
    }
    configurer.configure(builder);
    return builder.name(name).metrics(metrics).build();
  }

  /**
   * Refuses by name what no sender can be made of. Asks no supplier: its secrets and files are
   * those of the task managers.
   *
   * @throws IllegalArgumentException if settings are wrong, contradict each other or are missing
   */
  void check() {
    HttpProxySender.Builder builder = builder(null);
    configurer.configure(builder);
    if (isSpooling(builder)) {
      throw new IllegalArgumentException(
          "configure must not set a spool: the disk of a task manager is no acknowledgement");
    }
  }

  /** Builds the sender, which refuses other mistakes; a spool may not even open here. */
  private static boolean isSpooling(HttpProxySender.Builder builder) {
    try (HttpProxySender sender = builder.build()) {
      return sender.status().hasSpool();
    } catch (SpoolException e) {
      return true;
    }
  }

  private HttpProxySender.Builder builder(
      @Nullable SerializableSupplier<InLongManager.Credentials> login) {
    HttpProxySender.Builder builder =
        HttpProxySender.builder()
            .batching(batching.toBatching())
            .retry(retry.toPolicy())
            .maxInFlight(maxInFlight)
            .buffer(bufferBytes, WhenFull.block(maxWaitForRoom()));
    setNodes(builder, login);
    if (connectTimeout != null) {
      builder.connectTimeout(connectTimeout);
    }
    if (requestTimeout != null) {
      builder.requestTimeout(requestTimeout);
    }
    return builder;
  }

  /** Within the deadline of a delivery something leaves the buffer, delivered or failed. */
  private Duration maxWaitForRoom() {
    return bufferTimeout == null ? retry.deadline() : bufferTimeout;
  }

  private void setNodes(
      HttpProxySender.Builder builder,
      @Nullable SerializableSupplier<InLongManager.Credentials> login) {
    if (nodes.length > 0) {
      builder.nodes(nodes);
    }
    if (managers.length > 0 && login != null) {
      builder.nodeSource(InLongManager.builder(managers).credentials(login).build());
    } else if (managers.length > 0) {
      builder.manager(managers);
    }
  }
}
