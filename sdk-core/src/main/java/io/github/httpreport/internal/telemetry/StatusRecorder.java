package io.github.httpreport.internal.telemetry;

import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.SenderStatus;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Recorder of the parts of a {@link SenderStatus} that only events show: the last acknowledgement,
 * and the use and the state of the spool.
 *
 * <p>The threads that deliver and the thread of the spool write, any thread reads; each field is
 * volatile and independent of the others. Of two acknowledgements at once the older one may be
 * recorded last, which differs by microseconds.
 */
public final class StatusRecorder extends ForwardingMetrics {

  private record SpoolUse(long messages, long usedBytes, long maxBytes) {}

  private final Scheduler scheduler;
  private volatile boolean succeeded;
  private volatile long succeededNanos;

  /**
   * The last report of the spool; null before the first one. One object, so that a reader finds
   * three numbers of one moment.
   */
  private volatile @Nullable SpoolUse spool;

  private volatile boolean spoolBroken;

  public StatusRecorder(SenderMetrics metrics, Scheduler scheduler) {
    super(metrics);
    this.scheduler = scheduler;
  }

  @Override
  public void sent(Destination destination, int messages, Duration elapsed) {
    // In this order: a thread that sees the flag also sees a time.
    succeededNanos = scheduler.nanoTime();
    succeeded = true;
    super.sent(destination, messages, elapsed);
  }

  @Override
  public void spoolUsed(long messages, long usedBytes, long maxBytes) {
    spool = new SpoolUse(messages, usedBytes, maxBytes);
    super.spoolUsed(messages, usedBytes, maxBytes);
  }

  @Override
  public void spoolBroken(boolean broken) {
    spoolBroken = broken;
    super.spoolBroken(broken);
  }

  /**
   * Adds the last acknowledgement to a status, as the time of day: the age is measured by the
   * monotonic clock, so a correction of the system clock moves it and does not age it.
   */
  public void addLastSuccess(SenderStatus.Builder status) {
    if (succeeded) {
      status.lastSuccess(scheduler.now().minusNanos(scheduler.nanoTime() - succeededNanos));
    }
  }

  /** Adds the spool to a status; a spool that never opened is empty. */
  public void addSpool(SenderStatus.Builder status, long maxBytes) {
    SpoolUse use = spool;
    if (use == null) {
      status.spool(0, 0, maxBytes);
    } else {
      status.spool(use.messages, use.usedBytes, use.maxBytes);
    }
    status.spoolBroken(spoolBroken);
  }
}
