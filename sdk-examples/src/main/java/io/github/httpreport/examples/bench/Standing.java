package io.github.httpreport.examples.bench;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What the rounds say of one contestant.
 *
 * @param name of the contestant
 * @param messagesPerSecond over the rounds
 * @param timesPlain over the rounds, in each the ratio to the plain client of the same round
 * @param cpuMicrosPerMessage the median of the rounds
 * @param allocatedBytesPerMessage the median of the rounds
 */
record Standing(
    String name,
    Spread messagesPerSecond,
    Spread timesPlain,
    double cpuMicrosPerMessage,
    double allocatedBytesPerMessage) {

  /** From the turns of a contestant and those of the plain client, in the same order. */
  static Standing of(String name, List<Turn> turns, List<Turn> plain) {
    DoubleStream ratios =
        IntStream.range(0, turns.size())
            .mapToDouble(i -> turns.get(i).messagesPerSecond() / plain.get(i).messagesPerSecond());
    return new Standing(
        name,
        Spread.of(turns.stream().mapToDouble(Turn::messagesPerSecond)),
        Spread.of(ratios),
        Spread.of(turns.stream().mapToDouble(Turn::cpuMicrosPerMessage)).median(),
        Spread.of(turns.stream().mapToDouble(Turn::allocatedBytesPerMessage)).median());
  }
}
