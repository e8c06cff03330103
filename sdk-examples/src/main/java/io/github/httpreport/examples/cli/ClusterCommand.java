package io.github.httpreport.examples.cli;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a cluster to try clients against. */
@Command(
    name = "cluster",
    description = {
      "Runs an InLong Manager and DataProxy nodes on 127.0.0.1 until Ctrl-C, for trying any client."
          + " They answer as the real ones do and store nothing but counts.",
      ""
    })
public final class ClusterCommand implements Callable<Integer> {

  private static final int LAST_PORT = 65_535;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--nodes",
      defaultValue = "3",
      paramLabel = "COUNT",
      description = "How many nodes there are. Default: ${DEFAULT-VALUE}.")
  private int nodes = 3;

  @Option(
      names = "--manager-port",
      defaultValue = "0",
      paramLabel = "PORT",
      description = "The port of the Manager. Default: any that is free.")
  private int managerPort;

  @Option(
      names = "--port",
      defaultValue = "0",
      paramLabel = "FIRST",
      description = "The port of the first node; the others follow. Default: any that are free.")
  private int firstPort;

  @Option(
      names = "--topic",
      paramLabel = "GROUP/STREAM",
      description = "A group and stream that is known; may be repeated. Default: all are known.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = "--auth-file",
      paramLabel = "FILE",
      description = "Let the Manager ask for the secretId:secretKey that this file holds.")
  private @Nullable Path authFile;

  @Option(
      names = "--slow",
      paramLabel = "NODE=TIME",
      converter = {NodeNumberConverter.class, DurationConverter.class},
      description =
          "Let a node, counted from 1, answer this much later, like 2=300ms; may be repeated.")
  private Map<Integer, Duration> slow = new LinkedHashMap<>();

  @Option(
      names = "--print",
      description = "Print every message that is stored. Default: their number, once a second.")
  private boolean print;

  @Override
  public Integer call() {
    StoredCounter arrivals = new StoredCounter(out(), print);
    try (Termination termination = new Termination(Duration.ofSeconds(10));
        LocalCluster cluster = start(arrivals)) {
      introduce(cluster);
      arrivals.start();
      await(termination);
      arrivals.close();
      summarise(cluster, arrivals);
    }
    return 0;
  }

  private LocalCluster start(StoredCounter arrivals) {
    if (nodes < 1) {
      throw usage("--nodes must be at least 1, but is " + nodes);
    }
    slow.keySet().forEach(this::requireNode);
    if (firstPort > 0 && firstPort + nodes - 1 > LAST_PORT) {
      throw usage("--port " + firstPort + " leaves no port for the last of " + nodes + " nodes");
    }
    LocalCluster cluster;
    try {
      cluster = builder().onStored(arrivals).start();
    } catch (IllegalArgumentException badValue) {
      throw usage(Format.of(badValue));
    } catch (UncheckedIOException noPort) {
      throw new CommandFailedException(
          Format.of(noPort) + ": " + Format.of(noPort.getCause()), noPort);
    }
    slow.forEach((node, delay) -> cluster.node(node - 1).slow(delay));
    return cluster;
  }

  private LocalCluster.Builder builder() {
    LocalCluster.Builder builder =
        LocalCluster.builder()
            .name("cluster")
            .nodes(nodes)
            .managerPort(managerPort)
            .firstPort(firstPort);
    for (String topic : topics) {
      int slash = topic.indexOf('/');
      if (slash < 0) {
        throw usage("--topic must be GROUP/STREAM, but is '" + topic + "'");
      }
      builder.topic(topic.substring(0, slash), topic.substring(slash + 1));
    }
    if (authFile != null) {
      authenticate(builder, authFile);
    }
    return builder;
  }

  private void authenticate(LocalCluster.Builder builder, Path file) {
    try {
      String text = Files.readString(file).strip();
      int colon = text.indexOf(':');
      if (colon < 1 || colon == text.length() - 1) {
        throw usage("--auth-file " + file + " must hold secretId:secretKey");
      }
      builder.authentication(text.substring(0, colon), text.substring(colon + 1));
    } catch (IOException unreadable) {
      throw usage("--auth-file " + Inputs.textOf(file, unreadable));
    }
  }

  private void requireNode(int number) {
    if (number < 1 || number > nodes) {
      throw usage("--slow names node " + number + ", but nodes are 1 to " + nodes);
    }
  }

  private void introduce(LocalCluster cluster) {
    Table table = new Table("ll").row("Manager", cluster.managerUrl());
    int number = 0;
    for (LocalNode node : cluster.nodes()) {
      number++;
      Duration delay = slow.get(number);
      String late = delay == null ? "" : "  answers " + delay.toMillis() + " ms late";
      table.row("Node " + number, node.address() + late);
    }
    table.print(out());
    out().println();
    out().println(curl(cluster.node(0)));
    out().println();
    out().println("Ctrl-C ends it.");
    out().flush();
  }

  private String curl(LocalNode node) {
    String topic = topics.isEmpty() ? "group/stream" : topics.get(0);
    int slash = topic.indexOf('/');
    return String.join(
        " \\" + System.lineSeparator() + "  ",
        "curl -d groupId=" + topic.substring(0, slash),
        "-d streamId=" + topic.substring(slash + 1),
        "-d dt=" + System.currentTimeMillis() + " -d body=hello -d cnt=1",
        "http://" + node.address() + "/dataproxy/message");
  }

  private static void await(Termination termination) {
    try {
      termination.requested().get();
    } catch (InterruptedException e) {
      // Ends the command like a signal does.
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a termination does not fail", e);
    }
  }

  private void summarise(LocalCluster cluster, StoredCounter arrivals) {
    out().println();
    Table table = new Table("lrr").row("NODE", "MESSAGES", "REQUESTS");
    for (LocalNode node : cluster.nodes()) {
      table.row(
          node.address(),
          Format.number(arrivals.of(node.address())),
          Format.number(node.requests()));
    }
    table.row("all", Format.number(arrivals.total()), "").print(out());
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private ParameterException usage(String text) {
    return new ParameterException(spec().commandLine(), text);
  }

  private CommandSpec spec() {
    return requireNonNull(spec, "spec");
  }
}
