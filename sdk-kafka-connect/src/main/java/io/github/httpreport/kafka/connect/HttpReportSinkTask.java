package io.github.httpreport.kafka.connect;

import io.github.httpreport.ProxySender;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/**
 * A task of {@link HttpReportSinkConnector}: it has a sender of its own, and reports the records of
 * the partitions that Kafka Connect assigns to it. One thread of the worker calls all its methods,
 * and none of them blocks for longer than the options say.
 */
public final class HttpReportSinkTask extends SinkTask {

  private final Function<HttpReportSinkConfig, ProxySender> senders;
  private final LongSupplier nanoTime;
  private @Nullable RecordDelivery delivery;

  /** A task that reports over HTTP. */
  public HttpReportSinkTask() {
    this(
        config -> SenderFactory.sender(config, ProtocolOptions.protocol(config)), System::nanoTime);
  }

  /** A task with another sender and another clock, for tests. */
  HttpReportSinkTask(Function<HttpReportSinkConfig, ProxySender> senders, LongSupplier nanoTime) {
    this.senders = senders;
    this.nanoTime = nanoTime;
  }

  /**
   * Builds the sender, which does no I/O yet.
   *
   * @param configuration the options of the connector
   * @throws org.apache.kafka.connect.errors.ConnectException if an option is missing, wrong or
   *     contradicts another; the text names all such options
   */
  @Override
  public void start(Map<String, String> configuration) {
    ConfigurationCheck.require(configuration);
    HttpReportSinkConfig config = new HttpReportSinkConfig(configuration);
    delivery = new RecordDelivery(config, context, senders.apply(config), nanoTime);
  }

  @Override
  public void open(Collection<TopicPartition> partitions) {
    started().open(partitions);
  }

  /**
   * Enqueues records, and decides on earlier ones that failed.
   *
   * @param records the records, or those of the last call again
   * @throws org.apache.kafka.connect.errors.RetriableException if there was no room for all of them
   *     within {@code buffer.max.block.ms}, or earlier ones had to be sent again
   * @throws org.apache.kafka.connect.errors.ConnectException if a record is refused and {@code
   *     errors.tolerance} is none, or cannot be delivered at all
   */
  @Override
  public void put(Collection<SinkRecord> records) {
    started().put(records);
  }

  /**
   * Tells how far each partition is acknowledged without a gap. Waits for {@code flush.timeout.ms}
   * at most, so that less is sent again after a rebalance.
   *
   * @param consumed how far each partition was consumed
   * @return the offsets to commit, none beyond a record that is not acknowledged
   */
  @Override
  public Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> consumed) {
    return started().preCommit(consumed);
  }

  @Override
  public void close(Collection<TopicPartition> partitions) {
    started().close(partitions);
  }

  /** Closes the sender; safe to call where {@link #start} failed. */
  @Override
  public void stop() {
    if (delivery != null) {
      delivery.close();
    }
  }

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  private RecordDelivery started() {
    if (delivery == null) {
      throw new IllegalStateException("the task is not started");
    }
    return delivery;
  }
}
