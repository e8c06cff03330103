package io.github.httpreport.examples.trial;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.examples.cli.Words;
import java.util.List;
import java.util.Set;

/**
 * What became of the messages of a soak, and what it occupied.
 *
 * @param offered how many were handed to the sender
 * @param acknowledged how many futures completed well
 * @param firstError what the first that did not complete well says, empty when all did
 * @param missing how many were acknowledged and are not with any node
 * @param duplicates how many copies too many the nodes have
 * @param closed what the sender says of them
 * @param threadsAtFirst live threads in the first row, the cluster's left out
 * @param threadsAtLast the same when everything was acknowledged and the sender not closed
 * @param heapAtLast bytes behind the garbage collector at that time
 * @param trouble what the cluster went through
 */
record SoakCounts(
    long offered,
    long acknowledged,
    String firstError,
    long missing,
    long duplicates,
    CloseSummary closed,
    int threadsAtFirst,
    int threadsAtLast,
    long heapAtLast,
    Trouble.Counts trouble) {

  /** What classes, caches and the notes of this program take; a leak soon takes more. */
  static final long HEAP_ALLOWANCE = 16_000_000;

  /** Threads that the sender starts when they are first needed. */
  static final int THREAD_ALLOWANCE = 2;

  List<Finding> findings(Footprint before, Footprint after) {
    return List.of(
        new Finding(
            missing == 0,
            "acknowledged "
                + Words.number(acknowledged)
                + ", of these missing at the nodes "
                + Words.number(missing)
                + ", duplicates "
                + Words.number(duplicates)),
        new Finding(
            acknowledged == offered && firstError.isEmpty(),
            "offered "
                + Words.number(offered)
                + ", lost "
                + Words.number(offered - acknowledged)
                + (firstError.isEmpty() ? "" : "; the first: " + firstError)),
        new Finding(
            closed.sent() == acknowledged && closed.failed() + closed.abandoned() == 0,
            "the sender counts sent "
                + Words.number(closed.sent())
                + ", failed "
                + Words.number(closed.failed())
                + ", abandoned "
                + Words.number(closed.abandoned())),
        heap("before the end", before.heap(), heapAtLast),
        heap("after it", before.heap(), after.heap()),
        new Finding(
            threadsAtLast <= threadsAtFirst + THREAD_ALLOWANCE,
            "threads at first " + threadsAtFirst + ", before the end " + threadsAtLast),
        threadsLeft(after.threadsSince(before)),
        new Finding(
            trouble.firstError().isEmpty(),
            trouble.restarts()
                + " restarts, "
                + trouble.faults()
                + " faults"
                + (trouble.firstError().isEmpty() ? "" : "; " + trouble.firstError())));
  }

  private static Finding heap(String when, long before, long now) {
    return new Finding(
        now <= before + HEAP_ALLOWANCE,
        "heap at first " + Heap.megabytes(before) + ", " + when + ' ' + Heap.megabytes(now));
  }

  private static Finding threadsLeft(Set<String> names) {
    return new Finding(names.isEmpty(), "threads left behind " + (names.isEmpty() ? "0" : names));
  }
}
