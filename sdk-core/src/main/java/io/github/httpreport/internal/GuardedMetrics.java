package io.github.httpreport.internal;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps metrics of the application that throw from stopping a delivery. */
final class GuardedMetrics implements SenderMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedMetrics.class);

  private final SenderMetrics metrics;
  private final AtomicBoolean complained = new AtomicBoolean();

  private GuardedMetrics(SenderMetrics metrics) {
    this.metrics = metrics;
  }

  /** Guarded, unless there is nothing in them that could throw. */
  static SenderMetrics around(SenderMetrics metrics) {
    return metrics == NONE ? NONE : new GuardedMetrics(metrics);
  }

  @Override
  public void attempted(Destination destination, Attempt attempt) {
    guard(() -> metrics.attempted(destination, attempt));
  }

  @Override
  public void sent(Destination destination, int messages, Duration elapsed) {
    guard(() -> metrics.sent(destination, messages, elapsed));
  }

  @Override
  public void failed(Destination destination, int messages, RuntimeException cause) {
    guard(() -> metrics.failed(destination, messages, cause));
  }

  @Override
  public void bufferUsed(long usedBytes, long maxBytes) {
    guard(() -> metrics.bufferUsed(usedBytes, maxBytes));
  }

  @Override
  public void spooled(Destination destination, int messages) {
    guard(() -> metrics.spooled(destination, messages));
  }

  @Override
  public void spoolUsed(long messages, long usedBytes, long maxBytes) {
    guard(() -> metrics.spoolUsed(messages, usedBytes, maxBytes));
  }

  @Override
  public void spoolExpired(Destination destination, int messages) {
    guard(() -> metrics.spoolExpired(destination, messages));
  }

  @Override
  public void spoolLost(long messages) {
    guard(() -> metrics.spoolLost(messages));
  }

  @Override
  public void spoolBroken(boolean broken) {
    guard(() -> metrics.spoolBroken(broken));
  }

  @Override
  public void nodeEjected(String node, boolean ejected) {
    guard(() -> metrics.nodeEjected(node, ejected));
  }

  private void guard(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      if (complained.compareAndSet(false, true)) {
        LOG.error("SenderMetrics threw; this is logged once", e);
      }
    }
  }
}
