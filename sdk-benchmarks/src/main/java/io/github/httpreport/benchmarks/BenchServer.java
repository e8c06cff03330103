package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A server in a process of its own, which counts what it takes and keeps none of it. Writes the
 * Manager's URL and then the addresses of the nodes, a line each; from then on responses each line
 * {@value #COUNTS} or {@value #DELAY} with a line, until its input ends.
 */
final class BenchServer {

  static final String COUNTS = "counts";

  /** Followed by milliseconds. */
  static final String DELAY = "delay ";

  /** Followed by milliseconds; answered by addresses that are so far away. */
  static final String FAR = "far ";

  private BenchServer() {}

  /** What can be asked of a server that runs. */
  private interface Running extends AutoCloseable {
    String managerUrl();

    List<String> nodes();

    Counts counts();

    void delay(Duration value);

    List<String> farNodes(Duration delay);

    @Override
    void close();
  }

  /**
   * Runs the server.
   *
   * @param args which server, how many nodes it has, and perhaps the key file for TLS
   * @throws IOException if its input cannot be read
   */
  public static void main(String[] args) throws IOException {
    PrintStream responses = System.out;
    // Whatever else is printed must not stand between the answers.
    System.setOut(System.err);
    BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    int nodes = Integer.parseInt(args[1]);
    try (Running server =
        switch (ServerKind.valueOf(args[0])) {
          case lean -> lean(LeanServer.start(nodes, args.length > 2 ? Path.of(args[2]) : null));
          case cluster -> cluster(nodes);
        }) {
      responses.println(server.managerUrl());
      responses.println(String.join(" ", server.nodes()));
      for (String line = questions.readLine(); line != null; line = questions.readLine()) {
        responses.println(response(server, line));
      }
    }
  }

  private static String response(Running server, String line) {
    if (line.startsWith(FAR)) {
      return String.join(
          " ", server.farNodes(Duration.ofMillis(Long.parseLong(line.substring(FAR.length())))));
    }
    if (line.startsWith(DELAY)) {
      server.delay(Duration.ofMillis(Long.parseLong(line.substring(DELAY.length()))));
    }
    return server.counts().line();
  }

  private static Running lean(LeanServer server) {
    return new Running() {
      @Override
      public String managerUrl() {
        return server.managerUrl();
      }

      @Override
      public List<String> nodes() {
        return server.nodes();
      }

      @Override
      public Counts counts() {
        return server.counts().now();
      }

      @Override
      public void delay(Duration value) {
        server.delay(value);
      }

      @Override
      public List<String> farNodes(Duration delay) {
        return server.farNodes(delay);
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }

  private static Running cluster(int nodes) {
    LocalCluster cluster = LocalCluster.builder().nodes(nodes).onStored(message -> {}).start();
    return new Running() {
      @Override
      public String managerUrl() {
        return cluster.managerUrl();
      }

      @Override
      public List<String> nodes() {
        return cluster.nodes().stream().map(LocalNode::address).toList();
      }

      @Override
      public Counts counts() {
        return new Counts(0, 0, 0, cluster.storedCount());
      }

      @Override
      public void delay(Duration value) {
        throw new UnsupportedOperationException("this server is never slow");
      }

      @Override
      public List<String> farNodes(Duration delay) {
        throw new UnsupportedOperationException("this server is never far away");
      }

      @Override
      public void close() {
        cluster.close();
      }
    };
  }
}
