package io.github.httpreport.examples.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/** Runs contestants in turn, round by round, against one server in a process of its own. */
final class Bench {

  private final Plan plan;
  private final Consumer<String> progress;
  private final Map<Extra, Spread> extras = new EnumMap<>(Extra.class);

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
    int nodes = plan.server() == ServerKind.lean ? Reach.FAR : Reach.NEAR.nodes();
    try (ServerProcess server = ServerProcess.start(plan.server(), nodes);
        Crew crew = new Crew(server)) {
      List<Measured> blocks = new ArrayList<>();
      for (Block block : plan.blocks()) {
        blocks.add(measure(block, server, crew));
      }
      measureExtras(server);
      return new Results(plan, blocks, Map.copyOf(extras));
    }
  }

  private Measured measure(Block block, ServerProcess server, Crew crew) throws IOException {
    Map<Setup, Contestant> contestants = new LinkedHashMap<>();
    try {
      for (Setup setup : block.setups()) {
        contestants.put(setup, Contestants.of(setup, server));
      }
      Map<Setup, List<Turn>> turns = turns(block.name(), contestants, crew);
      if (block.name().equals(Block.MANY) && plan.extras().contains(Extra.THREADS)) {
        extras.put(Extra.THREADS, threadsMore());
      }
      return new Measured(block, turns);
    } finally {
      contestants.values().forEach(Contestant::close);
    }
  }

  private Map<Setup, List<Turn>> turns(String block, Map<Setup, Contestant> contestants, Crew crew)
      throws IOException {
    Map<Setup, List<Turn>> turns = new LinkedHashMap<>();
    for (int round = 0; round <= plan.rounds(); round++) {
      boolean warmUp = round == 0;
      Duration time = plan.turn().multipliedBy(warmUp ? 2 : 1);
      progress.accept(
          block + ": " + (warmUp ? "warm-up" : "round " + round + " of " + plan.rounds()));
      for (Map.Entry<Setup, Contestant> entry : contestants.entrySet()) {
        Turn turn = crew.run(entry.getKey(), entry.getValue(), time);
        if (!warmUp) {
          turns.computeIfAbsent(entry.getKey(), setup -> new ArrayList<>()).add(turn);
        }
      }
    }
    return turns;
  }

  private static Spread threadsMore() {
    long most = Math.max(threadsOf(Block.MANY_NODES), threadsOf(Block.MANY_GROUPS));
    double more = (double) most - threadsOf(Block.ASYNC_16);
    return Spread.of(DoubleStream.of(more));
  }

  private static long threadsOf(Setup setup) {
    String name = Contestants.senderName(setup);
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(name))
        .count();
  }

  private void measureExtras(ServerProcess server) throws IOException {
    if (plan.extras().contains(Extra.SLOW_SERVER)) {
      progress.accept(Extra.SLOW_SERVER.label());
      extras.put(Extra.SLOW_SERVER, SlowServer.measure(server, plan.rounds()));
    }
    if (plan.extras().contains(Extra.STARTUP)) {
      progress.accept(Extra.STARTUP.label());
      extras.put(Extra.STARTUP, Startup.measure(server, plan.rounds()));
    }
    if (plan.extras().contains(Extra.SIZE)) {
      extras.put(Extra.SIZE, RuntimeSize.measure());
    }
  }
}
