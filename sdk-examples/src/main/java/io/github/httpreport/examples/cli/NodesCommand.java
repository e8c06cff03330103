package io.github.httpreport.examples.cli;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.examples.doctor.HealthCheck;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the nodes of a group. */
@Command(
    name = "nodes",
    description = {
      "Shows the nodes that a Manager lists for a group, and whether each responds to a heartbeat.",
      "",
      "Ends with 1 if none does.",
      ""
    })
public final class NodesCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ManagerOptions managers = new ManagerOptions();

  @Option(
      names = "--group",
      required = true,
      paramLabel = "GROUP",
      description = "The InLong group.")
  private String group = "";

  @Mixin private CredentialOptions credentials = new CredentialOptions();

  @Mixin private TimeoutOptions timeouts = new TimeoutOptions();

  @Override
  public Integer call() {
    InLongManager manager = manager();
    Exchange exchange = new JdkExchange(timeouts.connect(), timeouts.request(Protocol.INLONG));
    NodeList list = fetch(manager, exchange);
    if (list.nodes().isEmpty()) {
      throw new CommandFailedException("the Manager lists no HTTP node for group " + group, null);
    }
    Map<Node, HealthCheck.Result> results = askAll(list, exchange);
    print(list, results);
    return results.values().stream().anyMatch(result -> result.latency() != null) ? 0 : 1;
  }

  private InLongManager manager() {
    try {
      InLongManager.Builder builder =
          InLongManager.builder(managers.managers().toArray(String[]::new));
      credentials.credentials().ifPresent(known -> builder.credentials(known.id(), known.key()));
      return builder.build();
    } catch (IllegalArgumentException badValue) {
      throw new ParameterException(spec().commandLine(), Format.of(badValue), badValue);
    }
  }

  private NodeList fetch(InLongManager manager, Exchange exchange) {
    try {
      return manager.fetch(group, exchange).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new CommandFailedException(Format.of(e), e);
    }
  }

  private static Map<Node, HealthCheck.Result> askAll(NodeList list, Exchange exchange) {
    HealthCheck heartbeat = new HealthCheck(exchange);
    Map<Node, CompletableFuture<HealthCheck.Result>> asked = new LinkedHashMap<>();
    list.nodes().forEach(node -> asked.put(node, heartbeat.ask(node)));
    Map<Node, HealthCheck.Result> results = new LinkedHashMap<>();
    asked.forEach((node, result) -> results.put(node, result.join()));
    return results;
  }

  private void print(NodeList list, Map<Node, HealthCheck.Result> results) {
    Table table = new Table("lrlr").row("ADDRESS", "LOAD", "REACHABLE", "LATENCY");
    results.forEach(
        (node, result) -> {
          Duration latency = result.latency();
          table.row(
              node.address(),
              loadOf(list, node),
              latency == null ? "no" : "yes",
              latency == null ? "-" : Format.millis(latency));
        });
    PrintWriter out = spec().commandLine().getOut();
    table.print(out);
    results.forEach(
        (node, result) -> {
          if (!result.problem().isEmpty()) {
            out.println(node.address() + ": " + result.problem());
          }
        });
  }

  /** What a stock node reports, busy or not, says nothing. */
  private static String loadOf(NodeList list, Node node) {
    int load = list.loads().getOrDefault(node, NodeList.UNKNOWN_LOAD);
    return load == NodeList.UNKNOWN_LOAD ? "unknown" : String.valueOf(load);
  }

  private CommandSpec spec() {
    return requireNonNull(spec, "spec");
  }
}
