package io.github.httpreport.internal;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import java.time.Duration;
import java.util.function.Consumer;

/** Metrics that tell a spool, too, when a group or a node takes messages again. */
final class SpoolWakes implements SenderMetrics {

  private final SenderMetrics metrics;
  private final Consumer<String> groupIsWell;
  private final Consumer<String> nodeIsWell;

  SpoolWakes(SenderMetrics metrics, Consumer<String> groupIsWell, Consumer<String> nodeIsWell) {
    this.metrics = metrics;
    this.groupIsWell = groupIsWell;
    this.nodeIsWell = nodeIsWell;
  }

  @Override
  public void attempted(Destination destination, Attempt attempt) {
    metrics.attempted(destination, attempt);
  }

  @Override
  public void sent(Destination destination, int messages, Duration elapsed) {
    metrics.sent(destination, messages, elapsed);
    groupIsWell.accept(destination.groupId());
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
    if (!ejected) {
      nodeIsWell.accept(node);
    }
  }
}
