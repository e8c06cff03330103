package io.github.httpreport.benchmarks;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code enqueue} with default settings to nodes that are far away, beside nodes that are not. */
final class DelayedNetwork {

  /** Each way. */
  private static final Duration DELAY = Duration.ofMillis(20);

  private static final Scenario NEAR = Suite.ENQUEUE_4;

  /** Another key in the rounds: what it does is the same. */
  private static final Scenario FAR =
      Scenario.of(MessageKind.ENQUEUE, NEAR.width(), Topology.NEAR.nodes());

  private DelayedNetwork() {}

  /** Messages per second through the delay over those without it, round by round. */
  static Summary measure(Plan plan, ServerProcess server) throws IOException {
    List<String> far = server.delayedNodes(DELAY);
    try (WorkerThreads threads = new WorkerThreads(server);
        Rounds rounds = new Rounds(threads)) {
      rounds.add(NEAR, new Enqueues(NEAR, Contestants.sender(NEAR, server)));
      rounds.add(FAR, new Enqueues(FAR, sender(far)));
      rounds.run(DecodingServer.WARM_UP_TURNS / 4, plan.sample());
      Map<Scenario, List<Sample>> turns = rounds.run(plan.rounds(), plan.sample());
      return Measured.ratio(
          turns.getOrDefault(FAR, List.of()),
          turns.getOrDefault(NEAR, List.of()),
          Sample::messagesPerSecond);
    }
  }

  private static ProxySender sender(List<String> nodes) {
    return HttpProxySender.builder().nodes(nodes.toArray(String[]::new)).build();
  }
}
