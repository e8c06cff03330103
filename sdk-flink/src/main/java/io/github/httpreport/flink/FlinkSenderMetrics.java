package io.github.httpreport.flink;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;

/**
 * The metrics of one subtask's sender, in the group {@code httpReport} of the sink's own group, and
 * the standard current send time.
 *
 * <p>The sender updates them on its threads, several at a time, and Flink's reporters read them on
 * theirs, so every value is a counter of many threads or a volatile field. The nodes that are
 * ejected are as many as the cluster has nodes at most.
 */
final class FlinkSenderMetrics implements SenderMetrics {

  private final Counter sent;
  private final Counter failed;
  private final Counter requests;
  private final Counter failedRequests;
  private final Set<String> ejectedNodes = ConcurrentHashMap.newKeySet();
  private volatile long usedBytes;
  private volatile long maxBytes;
  private volatile long sendMillis;

  FlinkSenderMetrics(SinkWriterMetricGroup sink) {
    MetricGroup group = sink.addGroup("httpReport");
    sent = group.counter("messagesSent", new AdderCounter());
    failed = group.counter("messagesFailed", new AdderCounter());
    requests = group.counter("requests", new AdderCounter());
    failedRequests = group.counter("requestsFailed", new AdderCounter());
    group.gauge("bufferUsedBytes", (Gauge<Long>) () -> usedBytes);
    group.gauge("bufferMaxBytes", (Gauge<Long>) () -> maxBytes);
    group.gauge("nodesEjected", (Gauge<Integer>) ejectedNodes::size);
    sink.setCurrentSendTimeGauge(() -> sendMillis);
  }

  @Override
  public void attempted(Destination destination, Attempt attempt) {
    requests.inc();
    if (attempt.outcome() != Attempt.Outcome.ACCEPTED) {
      failedRequests.inc();
    }
  }

  @Override
  public void sent(Destination destination, int messages, Duration elapsed) {
    sent.inc(messages);
    sendMillis = elapsed.toMillis();
  }

  @Override
  public void failed(Destination destination, int messages, RuntimeException cause) {
    failed.inc(messages);
  }

  @Override
  public void bufferUsed(long used, long max) {
    usedBytes = used;
    maxBytes = max;
  }

  @Override
  public void nodeEjected(String node, boolean ejected) {
    if (ejected) {
      ejectedNodes.add(node);
    } else {
      ejectedNodes.remove(node);
    }
  }

  @Override
  public void nodeRemoved(String node) {
    ejectedNodes.remove(node);
  }
}
