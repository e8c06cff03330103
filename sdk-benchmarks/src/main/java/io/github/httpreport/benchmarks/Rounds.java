package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Contestants that take turns, so that whatever else the machine does meets all of them. */
final class Rounds implements AutoCloseable {

  private final WorkerThreads threads;
  private final Map<Scenario, Contestant> contestants = new LinkedHashMap<>();

  Rounds(WorkerThreads threads) {
    this.threads = threads;
  }

  /** Adds a contestant, which is closed with the others. */
  void add(Scenario scenario, Contestant contestant) {
    contestants.put(scenario, contestant);
  }

  /** One sample of each contestant for each round. */
  Map<Scenario, List<Sample>> run(int rounds, Duration turn) throws IOException {
    return run(rounds, turn, round -> {});
  }

  /**
   * One sample of each contestant for each round.
   *
   * @param progress is called before each round with its number, from 1
   */
  Map<Scenario, List<Sample>> run(int rounds, Duration turn, IntConsumer progress)
      throws IOException {
    Map<Scenario, List<Sample>> turns = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      progress.accept(round);
      for (Map.Entry<Scenario, Contestant> each : contestants.entrySet()) {
        Sample sample = threads.run(each.getKey(), each.getValue(), turn);
        turns.computeIfAbsent(each.getKey(), scenario -> new ArrayList<>()).add(sample);
      }
    }
    return turns;
  }

  @Override
  public void close() {
    contestants.values().forEach(Contestant::close);
  }
}
