package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.examples.cli.Format;
import java.util.List;
import java.util.Set;

/**
 * What became of a soak.
 *
 * @param messages as this program counts them
 * @param closed as the sender counts them
 * @param held what the process held meanwhile
 * @param trouble what the cluster went through
 */
record SoakCounts(
    Messages messages, CloseSummary closed, Held held, FaultSchedule.FaultCounts trouble) {

  /**
   * What became of the messages.
   *
   * @param offered how many were handed to the sender
   * @param acknowledged how many futures completed well
   * @param firstError what the first that did not complete well says, empty when all did
   * @param missing how many were acknowledged and are not with any node
   * @param duplicates how many copies too many the nodes have
   */
  record Messages(
      long offered, long acknowledged, String firstError, long missing, long duplicates) {}

  /**
   * What the process held, the cluster's threads left out.
   *
   * @param threadsAtFirst live threads in the first row
   * @param threadsAtLast live threads when everything was acknowledged and the sender not closed
   * @param heapAtLast bytes behind the garbage collector at that time
   */
  record Held(int threadsAtFirst, int threadsAtLast, long heapAtLast) {}

  /** What classes, caches and the notes of this program take; a leak soon takes more. */
  static final long HEAP_ALLOWANCE = 16_000_000;

  /** Threads that the sender starts when they are first needed. */
  static final int THREAD_ALLOWANCE = 2;

  List<RunFinding> findings(Footprint before, Footprint after) {
    return List.of(
        stored(),
        completed(),
        counted(),
        heap("before the end", before.heap(), held.heapAtLast),
        heap("after it", before.heap(), after.heap()),
        threads(),
        threadsLeft(after.threadsSince(before)),
        troubled());
  }

  private RunFinding stored() {
    return new RunFinding(
        messages.missing == 0,
        "acknowledged "
            + Format.number(messages.acknowledged)
            + ", of these missing at the nodes "
            + Format.number(messages.missing)
            + ", duplicates "
            + Format.number(messages.duplicates));
  }

  private RunFinding completed() {
    return new RunFinding(
        messages.acknowledged == messages.offered && messages.firstError.isEmpty(),
        "offered "
            + Format.number(messages.offered)
            + ", lost "
            + Format.number(messages.offered - messages.acknowledged)
            + (messages.firstError.isEmpty() ? "" : "; the first: " + messages.firstError));
  }

  private RunFinding counted() {
    return new RunFinding(
        closed.sent() == messages.acknowledged && closed.failed() + closed.abandoned() == 0,
        "the sender counts sent "
            + Format.number(closed.sent())
            + ", failed "
            + Format.number(closed.failed())
            + ", abandoned "
            + Format.number(closed.abandoned()));
  }

  private RunFinding threads() {
    return new RunFinding(
        held.threadsAtLast <= held.threadsAtFirst + THREAD_ALLOWANCE,
        "threads at first " + held.threadsAtFirst + ", before the end " + held.threadsAtLast);
  }

  private RunFinding troubled() {
    String error = trouble.firstError();
    return new RunFinding(
        error.isEmpty(),
        trouble.restarts()
            + " restarts, "
            + trouble.faults()
            + " faults"
            + (error.isEmpty() ? "" : "; " + error));
  }

  private static RunFinding heap(String when, long before, long now) {
    return new RunFinding(
        now <= before + HEAP_ALLOWANCE,
        "heap at first " + Heap.megabytes(before) + ", " + when + ' ' + Heap.megabytes(now));
  }

  private static RunFinding threadsLeft(Set<String> names) {
    return new RunFinding(
        names.isEmpty(), "threads left behind " + (names.isEmpty() ? "0" : names));
  }
}
