package io.github.httpreport.examples.bench;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs the contestants in turn, round by round, against one server in a process of its own. */
final class Bench {

  private static final int IN_FLIGHT = 16;

  static final List<Target> TARGETS =
      List.of(new Target(Enqueues.NAME, 50), new Target(AsyncSends.name(IN_FLIGHT), 5));

  private final Plan plan;
  private final Consumer<String> progress;

  Bench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Runs all rounds.
   *
   * @throws IOException if the server did not start, or a message was not acknowledged or not
   *     stored
   */
  Report run() throws IOException {
    try (ServerProcess server = ServerProcess.start(plan.nodes())) {
      List<Contestant> contestants = contestants(server);
      try {
        return new Report(plan, standings(server, contestants), TARGETS);
      } finally {
        contestants.forEach(Contestant::close);
      }
    }
  }

  private List<Contestant> contestants(ServerProcess server) {
    String body = plan.body();
    return List.of(
        new PlainClient(server.nodes(), body),
        new SingleSends(sender(server), body),
        new AsyncSends(sender(server), body, IN_FLIGHT),
        new Enqueues(sender(server), body));
  }

  private static ProxySender sender(ServerProcess server) {
    return HttpProxySender.builder().manager(server.managerUrl()).build();
  }

  private List<Standing> standings(ServerProcess server, List<Contestant> contestants)
      throws IOException {
    Map<String, List<Turn>> turns = new LinkedHashMap<>();
    for (int round = 0; round <= plan.rounds(); round++) {
      boolean warmUp = round == 0;
      progress.accept(warmUp ? "warm-up" : "round " + round + " of " + plan.rounds());
      for (Contestant contestant : contestants) {
        Turn turn = turn(server, contestant);
        if (!warmUp) {
          turns.computeIfAbsent(contestant.name(), name -> new ArrayList<>()).add(turn);
        }
      }
    }
    List<Turn> plain = turns.getOrDefault(PlainClient.NAME, List.of());
    return turns.entrySet().stream()
        .map(entry -> Standing.of(entry.getKey(), entry.getValue(), plain))
        .toList();
  }

  private Turn turn(ServerProcess server, Contestant contestant) throws IOException {
    long before = server.stored();
    Turn turn = Turn.of(contestant, plan.turn());
    long stored = server.stored() - before;
    if (stored < turn.messages()) {
      throw new IOException(
          contestant.name()
              + ": "
              + turn.messages()
              + " messages were acknowledged, but only "
              + stored
              + " are stored");
    }
    return turn;
  }
}
