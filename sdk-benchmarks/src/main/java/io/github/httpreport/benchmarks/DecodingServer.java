package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The library beside httpclient5's minimal client, against nodes that decode whole forms as a
 * DataProxy does, and only after everything is compiled.
 */
final class DecodingServer {

  /** How many turns are run before those that count: 20 s of each at the default length. */
  static final int WARM_UP_TURNS = 40;

  private DecodingServer() {}

  /** Requests per second of the library over those of the minimal client, round by round. */
  static Summary measure(Plan plan, Scenario library, Scenario minimal) throws IOException {
    try (ServerProcess server = ServerProcess.start(ServerKind.cluster, Topology.NEAR.nodes());
        WorkerThreads threads = new WorkerThreads(server);
        Rounds rounds = new Rounds(threads)) {
      rounds.add(library, Contestants.of(library, server));
      rounds.add(minimal, Contestants.of(minimal, server));
      rounds.run(WARM_UP_TURNS, plan.sample());
      Map<Scenario, List<Sample>> turns = rounds.run(plan.rounds(), plan.sample());
      return Measured.ratio(
          turns.getOrDefault(library, List.of()),
          turns.getOrDefault(minimal, List.of()),
          Sample::messagesPerSecond);
    }
  }
}
