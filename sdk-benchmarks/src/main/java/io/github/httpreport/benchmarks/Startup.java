package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.stream.DoubleStream;

/** How long a new process takes to its first acknowledged message, as a ratio. */
final class Startup {

  private Startup() {}

  /** The library's time over the documented client's, for each pair of starts. */
  static Summary measure(ServerProcess server, int starts) throws IOException {
    // The first ones read the jars from disk.
    ratio(server);
    double[] ratios = new double[starts];
    for (int i = 0; i < starts; i++) {
      ratios[i] = ratio(server);
    }
    return Summary.of(DoubleStream.of(ratios));
  }

  private static double ratio(ServerProcess server) throws IOException {
    double documented = nanos(server, MessageKind.DOCUMENTED);
    return nanos(server, MessageKind.SEND) / documented;
  }

  private static long nanos(ServerProcess server, MessageKind kind) throws IOException {
    Process process =
        ChildJvm.start(
            StartupProbe.class,
            List.of(),
            List.of(kind.name(), server.managerUrl(Topology.NEAR.nodes())));
    try (BufferedReader response = process.inputReader(UTF_8)) {
      String line = response.readLine();
      if (line == null) {
        throw new IOException("a process that was to send one message did not");
      }
      return Long.parseLong(line);
    } finally {
      process.destroy();
    }
  }
}
