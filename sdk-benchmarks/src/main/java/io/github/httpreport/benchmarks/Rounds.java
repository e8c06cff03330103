package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Contestants that take turns, so that whatever else the machine does meets all of them. */
final class Rounds {

  private final Duration turn;
  private final WorkerThreads threads;
  private final Map<Scenario, Contestant> contestants = new LinkedHashMap<>();

  Rounds(Duration turn, WorkerThreads threads) {
    this.turn = turn;
    this.threads = threads;
  }

  void add(Scenario scenario, Contestant contestant) {
    contestants.put(scenario, contestant);
  }

  /** One sample of each contestant for each round. */
  Map<Scenario, List<Sample>> run(int rounds) throws IOException {
    Map<Scenario, List<Sample>> turns = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<Scenario, Contestant> each : contestants.entrySet()) {
        Sample sample = threads.run(each.getKey(), each.getValue(), turn);
        turns.computeIfAbsent(each.getKey(), scenario -> new ArrayList<>()).add(sample);
      }
    }
    return turns;
  }
}
