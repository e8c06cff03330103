package io.github.httpreport.logging;

import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counter of lost log events, which reports them at most once a minute.
 *
 * <p>The first loss is reported at once. Losses within the minute after a report are counted, and
 * reported by the first loss, or the first accepted event, after that minute, or by {@link
 * #close()}. So there is no timer, and an application that loses nothing pays one volatile read for
 * each event.
 *
 * <p>Application threads and the sender's threads call this. The monitor of this object guards the
 * counts; the report itself is made outside of it, because the status listeners of a logging
 * framework may write to a console.
 */
final class LossReport implements SenderMetrics {

  private static final long MINUTE_NANOS = 60_000_000_000L;

  /** Causes that are counted by name; all others share one. */
  private static final int MAX_CAUSES = 12;

  private final String where;
  private final Consumer<String> status;
  private final LongSupplier nanoTime;
  private final Map<String, Long> causes = new TreeMap<>();
  private volatile boolean pending;
  private boolean reported;
  private long reportedNanos;
  private long unreported;
  private long total;
  private String last = "";

  LossReport(Destination destination, Consumer<String> status, LongSupplier nanoTime) {
    where = destination.groupId() + '/' + destination.streamId();
    this.status = status;
    this.nanoTime = nanoTime;
  }

  /** The sender gave events up, or did not accept them. */
  @Override
  public void failed(Destination destination, int messages, RuntimeException cause) {
    lost(messages, cause.getClass().getSimpleName(), String.valueOf(cause.getMessage()));
  }

  /**
   * Counts lost events.
   *
   * @param cause a short name
   * @param text what happened, without the content of an event
   */
  void lost(int events, String cause, String text) {
    report(count(events, cause, text));
  }

  /** Reports what was lost since the last report, if that is a minute ago. */
  void reportIfDue() {
    if (pending) {
      report(textIfDue(false));
    }
  }

  /** Reports what was lost since the last report. */
  void close() {
    report(textIfDue(true));
  }

  synchronized long total() {
    return total;
  }

  private synchronized @Nullable String count(int events, String cause, String text) {
    total += events;
    unreported += events;
    boolean known = causes.containsKey(cause) || causes.size() < MAX_CAUSES;
    causes.merge(known ? cause : "other", (long) events, Long::sum);
    last = text;
    pending = true;
    return textIfDue(false);
  }

  private synchronized @Nullable String textIfDue(boolean now) {
    long nanos = nanoTime.getAsLong();
    if (unreported == 0 || (!now && reported && nanos - reportedNanos < MINUTE_NANOS)) {
      return null;
    }
    String text =
        "Lost %d log events for %s %s, %d since the start; the last: %s"
            .formatted(unreported, where, causes, total, last);
    reported = true;
    reportedNanos = nanos;
    unreported = 0;
    causes.clear();
    pending = false;
    return text;
  }

  private void report(@Nullable String text) {
    if (text != null) {
      status.accept(text);
    }
  }
}
