package io.github.httpreport.internal.telemetry;

import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import java.time.Duration;

/**
 * Metrics that also log losses. Every lost message is reported to the metrics, so the log misses
 * none.
 *
 * <p>Runs on the threads that deliver and on those of callers. The log comes first, and the metrics
 * of the application are updated whatever the log throws.
 */
public final class LossReporting extends ForwardingMetrics {

  private final LossLog losses;

  public LossReporting(SenderMetrics metrics, LossLog losses) {
    super(metrics);
    this.losses = losses;
  }

  @Override
  public void sent(Destination destination, int messages, Duration elapsed) {
    try {
      losses.sent(destination);
    } finally {
      super.sent(destination, messages, elapsed);
    }
  }

  @Override
  public void failed(Destination destination, int messages, RuntimeException cause) {
    try {
      losses.failed(destination, messages, cause);
    } finally {
      super.failed(destination, messages, cause);
    }
  }
}
