package io.github.httpreport.examples.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.stream.Collectors;

/**
 * A cluster in a process of its own, which counts what it stores and keeps none of it. Writes the
 * Manager's URL and then the addresses of the nodes, a line each; from then on answers each line
 * {@value #STORED} with a number, until its input ends.
 */
final class BenchServer {

  static final String STORED = "stored";

  private BenchServer() {}

  /**
   * Runs the server.
   *
   * @param args how many nodes it has
   * @throws IOException if its input cannot be read
   */
  public static void main(String[] args) throws IOException {
    PrintStream answers = System.out;
    // Whatever else is printed must not stand between the answers.
    System.setOut(System.err);
    BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    LocalCluster.Builder builder = LocalCluster.builder().nodes(Integer.parseInt(args[0]));
    try (LocalCluster cluster = builder.onStored(message -> {}).start()) {
      answers.println(cluster.managerUrl());
      answers.println(
          cluster.nodes().stream().map(LocalNode::address).collect(Collectors.joining(" ")));
      for (String line = questions.readLine(); line != null; line = questions.readLine()) {
        if (line.equals(STORED)) {
          answers.println(cluster.storedCount());
        }
      }
    }
  }
}
