package io.github.httpreport.flink;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WARN in the log for as long as one flush takes long, so that a checkpoint that times out does
 * so with a reason. Used by the thread of the task alone: Flink runs its timers there, also while
 * the thread yields to them.
 */
final class SlowFlushWarning {

  private static final Logger LOG = LoggerFactory.getLogger(SlowFlushWarning.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final ProcessingTimeService timers;
  private final String sender;
  private final long startMillis;
  private ScheduledFuture<?> next;

  SlowFlushWarning(ProcessingTimeService timers, String sender) {
    this.timers = timers;
    this.sender = sender;
    startMillis = timers.getCurrentProcessingTime();
    next = schedule();
  }

  private ScheduledFuture<?> schedule() {
    long due = timers.getCurrentProcessingTime() + INTERVAL.toMillis();
    return timers.registerTimer(due, this::warn);
  }

  private void warn(long now) {
    LOG.warn(
        "A checkpoint has waited {} s for the acknowledgement of what {} has accepted",
        (now - startMillis) / 1_000,
        sender);
    next = schedule();
  }

  void cancel() {
    next.cancel(false);
  }
}
