package io.github.httpreport.internal.spool;

import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.internal.telemetry.ForwardingMetrics;
import java.time.Duration;
import java.util.function.Consumer;

/** Metrics that tell a spool, too, when a group or a node takes messages again. */
public final class SpoolWakes extends ForwardingMetrics {

  private final Consumer<String> groupIsWell;
  private final Consumer<String> nodeIsWell;

  public SpoolWakes(
      SenderMetrics metrics, Consumer<String> groupIsWell, Consumer<String> nodeIsWell) {
    super(metrics);
    this.groupIsWell = groupIsWell;
    this.nodeIsWell = nodeIsWell;
  }

  @Override
  public void sent(Destination destination, int messages, Duration elapsed) {
    super.sent(destination, messages, elapsed);
    groupIsWell.accept(destination.groupId());
  }

  @Override
  public void nodeEjected(String node, boolean ejected) {
    super.nodeEjected(node, ejected);
    if (!ejected) {
      nodeIsWell.accept(node);
    }
  }
}
