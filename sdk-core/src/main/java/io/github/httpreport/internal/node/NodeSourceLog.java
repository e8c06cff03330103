package io.github.httpreport.internal.node;

import io.github.httpreport.common.Futures;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log of a node source that does not respond, such as a Manager, for all groups together: a WARN
 * for the first failure or for three seconds without a response, at most one more a minute while
 * that lasts, and an INFO for the response that ends it. A refusal is a response.
 *
 * <p>The source is healthy while no failure came after the last response, and else it is failing.
 * Any thread brings a response or a failure; the monitor of this object guards the state, and
 * nothing is logged under it.
 */
final class NodeSourceLog {

  private static final Logger LOG = LoggerFactory.getLogger(NodeSourceLog.class);
  private static final Duration SILENT_FOR = Duration.ofSeconds(3);
  private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

  private final Scheduler scheduler;

  /** When the first failure after the last response came; null while the source is healthy. */
  private @Nullable Instant failingSince;

  private boolean hasWarned;

  /** Whether the log has a WARN without the INFO that ends it. */
  private boolean isWarningOpen;

  /** When the last WARN was logged; counts only with {@code hasWarned}. */
  private long warnedNanos;

  NodeSourceLog(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * The same future, with a log line if it fails or takes long. A fetch that hangs is reported
   * before its time-out, since deliveries wait for it by then.
   */
  <T> CompletionStage<T> watch(CompletionStage<T> response) {
    if (response instanceof CompletableFuture<T> known && known.isDone()) {
      return response.whenComplete(this::ended);
    }
    Scheduler.Scheduled silence =
        scheduler.schedule(
            SILENT_FOR, () -> failed("no answer for " + SILENT_FOR.toSeconds() + " s so far"));
    return response.whenComplete(
        (list, error) -> {
          silence.cancel();
          ended(list, error);
        });
  }

  /** Sorts the end of a fetch: a definite refusal shows that the source works. */
  private void ended(@Nullable Object list, @Nullable Throwable error) {
    Throwable cause = Futures.unwrap(error);
    boolean isResponse = cause instanceof NodeSourceException e && e.kind() != Kind.UNAVAILABLE;
    if (cause == null || isResponse) {
      responded();
    } else {
      failed(String.valueOf(cause.getMessage()));
    }
  }

  private void failed(String why) {
    if (isToBeLogged()) {
      LOG.warn("The node source does not answer, and is asked again until it does: {}", why);
    }
  }

  /**
   * Notes a failure; true if it is worth a line. The minute runs over recoveries as well, so that a
   * source that fails now and then does not fill the log.
   */
  private synchronized boolean isToBeLogged() {
    long now = scheduler.nanoTime();
    if (failingSince == null) {
      failingSince = scheduler.now();
    }
    if (hasWarned && now - warnedNanos < INTERVAL) {
      return false;
    }
    hasWarned = true;
    isWarningOpen = true;
    warnedNanos = now;
    return true;
  }

  private void responded() {
    Instant since;
    synchronized (this) {
      since = isWarningOpen ? failingSince : null;
      failingSince = null;
      isWarningOpen = false;
    }
    if (since != null) {
      LOG.info("The node source answers again; it did not since {}", since);
    }
  }
}
