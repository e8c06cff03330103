package io.github.httpreport.internal.spool;

import io.github.httpreport.internal.concurrent.Scheduler;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Messages from the spool whose content a server refused. One refusal proves nothing: a proxy that
 * is overloaded may refuse everything. The messages are therefore set aside for a minute and
 * delivered again; a second refusal is final if the group acknowledged others since the first one.
 *
 * <p>The thread of the spool does everything but the end of the minute, which the scheduler only
 * puts into a queue. There is no lock.
 */
final class RefusedContent {

  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final int MAX_SUSPECTS = 1_024;

  private final Scheduler scheduler;
  private final Runnable wake;
  private final Queue<Suspect> due = new ConcurrentLinkedQueue<>();
  private int suspects;

  /**
   * @param wake signals the spool's thread
   */
  RefusedContent(Scheduler scheduler, Runnable wake) {
    this.scheduler = scheduler;
    this.wake = wake;
  }

  /** Whether a refusal that was just received is believed. */
  boolean isFinal(Portion portion, DrainGroup group) {
    return portion.refused() && group.hasAcknowledgedSince(portion.refusedNanos());
  }

  /**
   * Sets messages aside that were refused.
   *
   * @return false if that are too many already, and the caller has to keep these
   */
  boolean setAside(DrainGroup group, Portion portion) {
    if (suspects >= MAX_SUSPECTS) {
      return false;
    }
    suspects++;
    group.suspects(1);
    Suspect suspect = new Suspect(group, portion.refusedAt(scheduler.nanoTime()));
    scheduler.schedule(
        WAIT,
        () -> {
          due.add(suspect);
          wake.run();
        });
    return true;
  }

  /** Gives those back to their groups that were set aside for long enough. */
  void collect(Consumer<DrainGroup> changed) {
    for (Suspect suspect = due.poll(); suspect != null; suspect = due.poll()) {
      suspects--;
      suspect.group.suspects(-1);
      suspect.group.giveBack(suspect.portion);
      changed.accept(suspect.group);
    }
  }

  private record Suspect(DrainGroup group, Portion portion) {}
}
