package io.github.httpreport.internal.spool;

import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.internal.telemetry.ForwardingMetrics;
import java.time.Duration;
import java.util.function.Consumer;

/** Metrics that also signal the spool when a group or a node accepts messages again. */
public final class SpoolWakes extends ForwardingMetrics {

  private final Consumer<String> groupHealthy;
  private final Consumer<String> nodeHealthy;

  public SpoolWakes(
      SenderMetrics metrics, Consumer<String> groupHealthy, Consumer<String> nodeHealthy) {
    super(metrics);
    this.groupHealthy = groupHealthy;
    this.nodeHealthy = nodeHealthy;
  }

  @Override
  public void sent(Destination destination, int messages, Duration elapsed) {
    super.sent(destination, messages, elapsed);
    groupHealthy.accept(destination.groupId());
  }

  @Override
  public void nodeEjected(String node, boolean ejected) {
    super.nodeEjected(node, ejected);
    if (!ejected) {
      nodeHealthy.accept(node);
    }
  }
}
