package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.DoubleStream;

/** How fast {@code send} is in a process that has only just started, to what it becomes. */
final class FirstMessages {

  /** 200,000 messages at the default length of a turn. */
  private static final int MESSAGES_PER_SECOND = 400_000;

  private static final int STARTS = 3;

  private FirstMessages() {}

  /** The rate of the first messages over the steady one, for each start. */
  static Summary measure(Plan plan) throws IOException {
    try (ServerProcess server = ServerProcess.start(ServerKind.cluster, Topology.NEAR.nodes())) {
      // The first start finds a server that is not compiled either.
      ratio(server, plan.sample());
      double[] ratios = new double[Math.min(STARTS, plan.rounds())];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = ratio(server, plan.sample());
      }
      return Summary.of(DoubleStream.of(ratios));
    }
  }

  private static double ratio(ServerProcess server, Duration sample) throws IOException {
    long messages = Math.max(1, MESSAGES_PER_SECOND * sample.toMillis() / 1000);
    Process process =
        ChildJvm.start(
            FirstMessagesProbe.class,
            List.of(),
            List.of(
                server.managerUrl(Topology.NEAR.nodes()),
                Long.toString(messages),
                Long.toString(sample.toMillis())));
    try (BufferedReader response = process.inputReader(UTF_8)) {
      String line = response.readLine();
      if (line == null) {
        throw new IOException("a process that was to send " + messages + " messages did not");
      }
      return Double.parseDouble(line);
    } finally {
      process.destroy();
    }
  }
}
