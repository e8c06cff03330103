package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/** Runs contestants in turn, round by round, against one server in a process of its own. */
final class Bench {

  private final Plan plan;
  private final Consumer<String> progress;
  private final Map<ExtraMeasurement, Summary> extras = new EnumMap<>(ExtraMeasurement.class);

  Bench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Runs all rounds.
   *
   * @throws IOException if the server did not start, or a message was not acknowledged or not taken
   */
  Results run() throws IOException {
    int nodes = plan.server() == ServerKind.lean ? Topology.FAR : Topology.NEAR.nodes();
    boolean tls = plan.blocks().stream().anyMatch(Suite::usesTls);
    SelfSignedCertificate certificate = tls ? SelfSignedCertificate.create() : null;
    try (ServerProcess server = ServerProcess.start(plan.server(), nodes, certificate);
        WorkerThreads workers = new WorkerThreads(server)) {
      List<Measured> blocks = new ArrayList<>();
      for (Suite block : plan.blocks()) {
        blocks.add(measure(block, server, workers));
      }
      measureExtras(server);
      return new Results(plan, blocks, Map.copyOf(extras));
    }
  }

  private Measured measure(Suite block, ServerProcess server, WorkerThreads workers)
      throws IOException {
    try (Rounds rounds = new Rounds(workers)) {
      for (Scenario scenario : block.setups()) {
        rounds.add(scenario, Contestants.of(scenario, server));
      }
      Map<Scenario, List<Sample>> turns = turns(block.name(), rounds);
      if (block.name().equals(Suite.MANY) && plan.extras().contains(ExtraMeasurement.THREADS)) {
        extras.put(ExtraMeasurement.THREADS, threadsMore());
      }
      return new Measured(block, turns);
    }
  }

  private Map<Scenario, List<Sample>> turns(String block, Rounds rounds) throws IOException {
    Duration warmUp = plan.sample().multipliedBy(2);
    rounds.run(1, warmUp, round -> progress.accept(block + ": warm-up"));
    return rounds.run(
        plan.rounds(),
        plan.sample(),
        round -> progress.accept(block + ": round " + round + " of " + plan.rounds()));
  }

  private static Summary threadsMore() {
    long most = Math.max(threadsOf(Suite.MANY_NODES), threadsOf(Suite.MANY_GROUPS));
    double more = (double) most - threadsOf(Suite.ASYNC_16);
    return Summary.of(DoubleStream.of(more));
  }

  private static long threadsOf(Scenario scenario) {
    String name = Contestants.senderName(scenario);
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(name))
        .count();
  }

  private void measureExtras(ServerProcess server) throws IOException {
    measure(ExtraMeasurement.SLOW_SERVER, () -> SlowServer.measure(server, plan.rounds()));
    measure(ExtraMeasurement.STARTUP, () -> Startup.measure(server, plan.rounds()));
    measure(ExtraMeasurement.SIZE, RuntimeSize::measure);
    measure(
        ExtraMeasurement.DECODED_SEND,
        () -> DecodingServer.measure(plan, Suite.SEND_8, Suite.MINIMAL_BLOCKING_8));
    measure(
        ExtraMeasurement.DECODED_ASYNC,
        () -> DecodingServer.measure(plan, Suite.ASYNC_16, Suite.MINIMAL_16));
    measure(ExtraMeasurement.FIRST_MESSAGES, () -> FirstMessages.measure(plan));
    measure(ExtraMeasurement.DELAYED_NETWORK, () -> DelayedNetwork.measure(plan, server));
  }

  private void measure(ExtraMeasurement extraMeasurement, Measurement measurement)
      throws IOException {
    if (plan.extras().contains(extraMeasurement)) {
      progress.accept(extraMeasurement.label());
      extras.put(extraMeasurement, measurement.run());
    }
  }

  /** One that needs no contestants of a suite. */
  private interface Measurement {
    Summary run() throws IOException;
  }
}
