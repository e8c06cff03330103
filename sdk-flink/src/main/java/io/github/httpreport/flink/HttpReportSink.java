package io.github.httpreport.flink;

import io.github.httpreport.HttpProxySender;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.jspecify.annotations.Nullable;

/**
 * A sink that reports each record at least once over HTTP: a checkpoint completes only when the
 * server has acknowledged every record before it. Each subtask has a sender of its own, which
 * batches, retries and balances as {@link HttpProxySender} does.
 *
 * <pre>{@code
 * stream.sinkTo(
 *     HttpReportSink.<String>builder()
 *         .manager("http://manager:8083")
 *         .groupId("group")
 *         .streamId("stream")
 *         .text(line -> line)
 *         .build());
 * }</pre>
 *
 * <p>Without checkpoints a job reports each record once or more only if it ends well.
 *
 * @param <T> the type of the records
 */
public final class HttpReportSink<T> implements Sink<T> {

  private static final long serialVersionUID = 1L;

  private final SenderSettings settings;
  private final RecordMapping<T> mapping;
  private final @Nullable RefusedRecordHandler<T> handler;

  HttpReportSink(
      SenderSettings settings,
      RecordMapping<T> mapping,
      @Nullable RefusedRecordHandler<T> handler) {
    this.settings = settings;
    this.mapping = mapping;
    this.handler = handler;
  }

  /**
   * Starts from the defaults.
   *
   * @param <T> the type of the records
   * @return a new builder
   */
  public static <T> HttpReportSinkBuilder<T> builder() {
    return new HttpReportSinkBuilder<>();
  }

  /** The writer of a subtask. Called by Flink on the thread of the task; does no I/O. */
  @Override
  public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
    openMapping(context);
    String name = "http-report-flink-" + context.getTaskInfo().getIndexOfThisSubtask();
    HttpProxySender sender = settings.open(name, new FlinkSenderMetrics(context.metricGroup()));
    return new HttpReportWriter<>(
        sender,
        mapping,
        copy(context),
        handler,
        context.getMailboxExecutor(),
        context.getProcessingTimeService(),
        context.metricGroup());
  }

  private void openMapping(WriterInitContext context) throws IOException {
    try {
      mapping.open(context.asSerializationSchemaInitializationContext());
    } catch (Exception e) {
      throw new IOException("the serializer did not open: " + e.getMessage(), e);
    }
  }

  private UnaryOperator<T> copy(WriterInitContext context) {
    if (handler == null || !context.isObjectReuseEnabled()) {
      return UnaryOperator.identity();
    }
    TypeSerializer<T> serializer = context.createInputSerializer();
    return serializer::copy;
  }
}
