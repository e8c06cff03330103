package io.github.httpreport.internal.telemetry;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Metrics that pass every update on to others; a subclass overrides the updates that it adds to.
 * Holds no state of its own, so it is as safe for many threads as the metrics behind it.
 *
 * <p>Every method of {@link SenderMetrics} is overridden here, those with a default as well: a
 * default does nothing, and an update that a decorator forgets would be lost without a trace.
 */
public abstract class ForwardingMetrics implements SenderMetrics {

  private final SenderMetrics metrics;

  public ForwardingMetrics(SenderMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void attempted(Destination destination, Attempt attempt) {
    metrics.attempted(destination, attempt);
  }

  @Override
  public @Nullable BatchObserver batchOpened(Destination destination) {
    return metrics.batchOpened(destination);
  }

  @Override
  public void sent(Destination destination, int messages, Duration elapsed) {
    metrics.sent(destination, messages, elapsed);
  }

  @Override
  public void failed(Destination destination, int messages, RuntimeException cause) {
    metrics.failed(destination, messages, cause);
  }

  @Override
  public void bufferUsed(long usedBytes, long maxBytes) {
    metrics.bufferUsed(usedBytes, maxBytes);
  }

  @Override
  public void spooled(Destination destination, int messages) {
    metrics.spooled(destination, messages);
  }

  @Override
  public void spoolUsed(long messages, long usedBytes, long maxBytes) {
    metrics.spoolUsed(messages, usedBytes, maxBytes);
  }

  @Override
  public void spoolExpired(Destination destination, int messages) {
    metrics.spoolExpired(destination, messages);
  }

  @Override
  public void spoolLost(long messages) {
    metrics.spoolLost(messages);
  }

  @Override
  public void spoolBroken(boolean broken) {
    metrics.spoolBroken(broken);
  }

  @Override
  public void nodeEjected(String node, boolean ejected) {
    metrics.nodeEjected(node, ejected);
  }

  @Override
  public void nodeRemoved(String node) {
    metrics.nodeRemoved(node);
  }

  @Override
  public void closed() {
    metrics.closed();
  }
}
