package io.github.httpreport.internal.telemetry;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guard around the metrics of the application: whatever they throw, an {@code Error} too, does not
 * stop a delivery, and is logged once.
 *
 * <p>Each method has its own guard. One helper that took the call as a lambda would be shorter, but
 * it allocates for each update, and at that point an {@code OutOfMemoryError} would leave through
 * the guard. Any thread calls this, and the metrics behind it must allow that; an atomic flag keeps
 * the log to one line.
 */
public final class GuardedMetrics implements SenderMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedMetrics.class);

  private final SenderMetrics metrics;
  private final AtomicBoolean logged = new AtomicBoolean();

  private GuardedMetrics(SenderMetrics metrics) {
    this.metrics = metrics;
  }

  /** A guard; no guard around {@link SenderMetrics#NONE}, which throws nothing. */
  public static SenderMetrics around(SenderMetrics metrics) {
    return metrics == NONE ? NONE : new GuardedMetrics(metrics);
  }

  @Override
  public void attempted(Destination destination, Attempt attempt) {
    try {
      metrics.attempted(destination, attempt);
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  @Override
  public @Nullable BatchObserver batchOpened(Destination destination) {
    try {
      BatchObserver observer = metrics.batchOpened(destination);
      return observer == null ? null : new GuardedObserver(observer, this::logOnce);
    } catch (Throwable e) {
      logOnce(e);
      return null;
    }
  }

  @Override
  public void sent(Destination destination, int messages, Duration elapsed) {
    try {
      metrics.sent(destination, messages, elapsed);
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  @Override
  public void failed(Destination destination, int messages, RuntimeException cause) {
    try {
      metrics.failed(destination, messages, cause);
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  @Override
  public void bufferUsed(long usedBytes, long maxBytes) {
    try {
      metrics.bufferUsed(usedBytes, maxBytes);
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  @Override
  public void spooled(Destination destination, int messages) {
    try {
      metrics.spooled(destination, messages);
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  @Override
  public void spoolUsed(long messages, long usedBytes, long maxBytes) {
    try {
      metrics.spoolUsed(messages, usedBytes, maxBytes);
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  @Override
  public void spoolExpired(Destination destination, int messages) {
    try {
      metrics.spoolExpired(destination, messages);
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  @Override
  public void spoolLost(long messages) {
    try {
      metrics.spoolLost(messages);
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  @Override
  public void spoolBroken(boolean broken) {
    try {
      metrics.spoolBroken(broken);
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  @Override
  public void nodeEjected(String node, boolean ejected) {
    try {
      metrics.nodeEjected(node, ejected);
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  @Override
  public void nodeRemoved(String node) {
    try {
      metrics.nodeRemoved(node);
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  @Override
  public void closed() {
    try {
      metrics.closed();
    } catch (Throwable e) {
      logOnce(e);
    }
  }

  /**
   * Logs the first exception. The log itself may throw, which must not stop a delivery either, and
   * then the next exception tries again.
   */
  private void logOnce(Throwable error) {
    if (logged.compareAndSet(false, true)) {
      try {
        LOG.error("SenderMetrics threw; this is logged once", error);
      } catch (Throwable e) {
        logged.set(false);
      }
    }
  }
}
