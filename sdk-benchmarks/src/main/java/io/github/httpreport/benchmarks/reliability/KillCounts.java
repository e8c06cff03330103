package io.github.httpreport.benchmarks.reliability;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What was promised by processes that were killed, and what the nodes have. Safe for use by many
 * threads.
 */
final class KillCounts {

  /**
   * So far.
   *
   * @param acknowledged how many futures completed well, over all processes
   * @param stored how many different messages the nodes have
   * @param duplicates how many copies too many they have
   * @param missing how many were acknowledged, and the nodes do not have them
   */
  record Totals(long acknowledged, long stored, long duplicates, long missing) {}

  private final List<BitSet> acknowledged = new ArrayList<>();
  private final List<BitSet> stored = new ArrayList<>();
  private long duplicates;

  /** What a process sends as its message of this number. */
  static String body(int process, int number) {
    return process + "-" + number;
  }

  synchronized void acknowledged(int process, int number) {
    of(acknowledged, process).set(number);
  }

  /** Takes note of a message that a node has. */
  synchronized void stored(String body) {
    int dash = body.indexOf('-');
    BitSet numbers = of(stored, Integer.parseInt(body.substring(0, dash)));
    int number = Integer.parseInt(body.substring(dash + 1));
    if (numbers.get(number)) {
      duplicates++;
    }
    numbers.set(number);
  }

  private static BitSet of(List<BitSet> processes, int process) {
    while (processes.size() <= process) {
      processes.add(new BitSet());
    }
    return processes.get(process);
  }

  synchronized Totals totals() {
    long missing = 0;
    for (int process = 0; process < acknowledged.size(); process++) {
      BitSet numbers = (BitSet) acknowledged.get(process).clone();
      numbers.andNot(of(stored, process));
      missing += numbers.cardinality();
    }
    return new Totals(count(acknowledged), count(stored), duplicates, missing);
  }

  private static long count(List<BitSet> processes) {
    return processes.stream().mapToLong(BitSet::cardinality).sum();
  }
}
