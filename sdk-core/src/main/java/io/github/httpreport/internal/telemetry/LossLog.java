package io.github.httpreport.internal.telemetry;

import io.github.httpreport.Destination;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log of lost messages by destination: a WARN for the first loss, a summary at most once a minute
 * while messages are lost, and an INFO when messages are delivered and none was lost for a minute.
 *
 * <p>A destination without losses has no state. Its first loss makes it FAILING. One minute after
 * each WARN the scheduler looks again: losses meanwhile make a summary and another minute; a
 * success after the last loss ends the state with the INFO; with neither it becomes QUIET, where
 * the next loss or success is logged at once, and an hour without either ends the state. So there
 * is at most one WARN a minute for a destination, however losses and successes alternate.
 *
 * <p>Delivering threads, callers and the scheduler call this at once. The monitor of this object
 * guards the set of destinations, that of an entry guards the entry; nothing is logged under
 * either.
 */
public final class LossLog {

  /**
   * Destinations with a state of their own; all others share one, so that the memory is bounded
   * however many destinations an application makes up.
   */
  static final int MAX_DESTINATIONS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(LossLog.class);

  /** Time between two lines about one destination. */
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  /** How long a destination without losses and successes keeps its state. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

  /** Destinations with a line of their own at the close; one line more sums up the others. */
  private static final int MAX_LINES_AT_CLOSE = 10;

  private final Scheduler scheduler;
  private final Map<Destination, Entry> entries = new ConcurrentHashMap<>();

  /** The state of all destinations beyond the bound; replaced when its losses are over. */
  private Entry others = new Entry(null);

  /** The size of {@link #entries}: the only thing that a success reads while nothing is lost. */
  private volatile int failing;

  public LossLog(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  private static void logNothing() {
    // Nothing is new.
  }

  /**
   * Notes that messages were acknowledged. Costs the read of one field while no destination has
   * losses.
   */
  void sent(Destination destination) {
    if (failing == 0) {
      return;
    }
    Entry entry = entries.get(destination);
    if (entry != null) {
      entry.sent().run();
    }
  }

  /**
   * Notes that messages were given up, or refused before they were accepted. An entry may end
   * between its look-up and its use; the loss then goes to the next one, because no loss may be
   * without a line.
   */
  void failed(Destination destination, int messages, Throwable cause) {
    Runnable line = null;
    while (line == null) {
      line = entry(destination).failed(messages, cause);
    }
    line.run();
  }

  /** Logs the losses since the last summaries, and forgets everything. */
  public void close() {
    List<Runnable> lines = new ArrayList<>();
    long more = 0;
    for (Entry entry : all()) {
      long losses = entry.losses();
      if (losses > 0 && lines.size() < MAX_LINES_AT_CLOSE) {
        lines.add(entry.summary());
      } else {
        more += losses;
      }
      entry.end();
    }
    lines.forEach(Runnable::run);
    if (more > 0) {
      LOG.warn("Messages for more destinations were lost: {} since the last lines of them", more);
    }
  }

  /** How many destinations have a state of their own. */
  int destinations() {
    return failing;
  }

  private Entry entry(Destination destination) {
    Entry known = entries.get(destination);
    return known == null ? newEntry(destination) : known;
  }

  /** The entry of a destination, a new one if need be, or the shared one at the bound. */
  private synchronized Entry newEntry(Destination destination) {
    if (entries.size() >= MAX_DESTINATIONS && !entries.containsKey(destination)) {
      return others;
    }
    Entry entry = entries.computeIfAbsent(destination, Entry::new);
    failing = entries.size();
    return entry;
  }

  private synchronized void remove(Entry entry) {
    if (entry == others) {
      others = new Entry(null);
    } else if (entry.destination != null) {
      entries.remove(entry.destination, entry);
      failing = entries.size();
    }
  }

  private synchronized List<Entry> all() {
    List<Entry> all = new ArrayList<>(entries.values());
    all.add(others);
    return all;
  }

  /** The losses of one destination. Its methods return what is to be logged outside of its lock. */
  private final class Entry {
    /** Null for the destinations that share this. */
    private final @Nullable Destination destination;

    private Scheduler.@Nullable Scheduled next;

    /** No minute is running, so the next loss or success is logged at once. */
    private boolean quiet = true;

    /** Whether messages were acknowledged after the last loss. */
    private boolean deliveredSince;

    /** Out of the map; a caller that still has the object looks the destination up again. */
    private boolean ended;

    /** Messages lost since the first line. */
    private long total;

    /** Messages lost since the last line. */
    private long unreported;

    private String lastCause = "";
    private Instant first = Instant.EPOCH;
    private Instant firstUnreported = Instant.EPOCH;
    private Instant last = Instant.EPOCH;

    Entry(@Nullable Destination destination) {
      this.destination = destination;
    }

    /** Null if this has ended meanwhile: another entry takes the loss. */
    synchronized @Nullable Runnable failed(int messages, Throwable cause) {
      if (ended) {
        return null;
      }
      boolean logged = quiet;
      if (quiet) {
        // First, because the minute is what logs all that follows.
        restart(INTERVAL, this::lookAgain);
        quiet = false;
      }
      count(messages, cause);
      if (!logged) {
        return LossLog::logNothing;
      }
      unreported = 0;
      String text = lastCause;
      return () -> LOG.warn("Messages for {} are lost: {} failed; {}", this, messages, text);
    }

    private void count(int messages, Throwable cause) {
      last = scheduler.now();
      first = total == 0 ? last : first;
      firstUnreported = unreported == 0 ? last : firstUnreported;
      total += messages;
      unreported += messages;
      lastCause = cause.getClass().getSimpleName() + ": " + cause.getMessage();
      deliveredSince = false;
    }

    synchronized Runnable sent() {
      if (!quiet) {
        deliveredSince = true;
        return LossLog::logNothing;
      }
      return ended || total == 0 ? LossLog::logNothing : recovered();
    }

    synchronized long losses() {
      return unreported;
    }

    /** What was lost since the last line. */
    synchronized Runnable summary() {
      long messages = unreported;
      long all = total;
      Instant since = first;
      Instant from = firstUnreported;
      Instant to = last;
      String text = lastCause;
      unreported = 0;
      return () ->
          LOG.warn(
              "Messages for {} are still lost: {} failed from {} to {}, {} since {}; the last: {}",
              this,
              messages,
              from,
              to,
              all,
              since,
              text);
    }

    /** The end of a minute, on the scheduler's thread. */
    private void lookAgain() {
      afterMinute().run();
    }

    /**
     * Decides what the minute was: more losses make a summary, successes the end, and neither makes
     * the entry quiet. The shared entry ends with a minute without losses, since it sees no
     * successes.
     */
    private synchronized Runnable afterMinute() {
      if (ended) {
        return LossLog::logNothing;
      } else if (unreported > 0) {
        restart(INTERVAL, this::lookAgain);
        return summary();
      } else if (deliveredSince || destination == null) {
        return recovered();
      }
      restart(FORGOTTEN_AFTER, this::end);
      quiet = true;
      return LossLog::logNothing;
    }

    /** Ends the state with the line that says so. */
    private Runnable recovered() {
      long all = total;
      Instant from = first;
      Instant to = last;
      end();
      String text =
          destination == null
              ? "No more messages for {} are lost; {} were lost from {} to {}"
              : "Messages for {} are delivered again; {} were lost from {} to {}";
      return () -> LOG.info(text, this, all, from, to);
    }

    /**
     * Schedules the next look. The old task is cancelled after the new one exists: were the
     * scheduler to throw in between, the entry would have no look at all.
     */
    private void restart(Duration delay, Runnable task) {
      Scheduler.Scheduled before = next;
      next = scheduler.schedule(delay, task);
      if (before != null) {
        before.cancel();
      }
    }

    /** Ends the entry for good; the next loss makes another one. A second call has no effect. */
    void end() {
      synchronized (this) {
        ended = true;
        quiet = true;
        if (next != null) {
          next.cancel();
        }
      }
      remove(this);
    }

    @Override
    public String toString() {
      return destination == null ? "other destinations" : destination.toString();
    }
  }
}
