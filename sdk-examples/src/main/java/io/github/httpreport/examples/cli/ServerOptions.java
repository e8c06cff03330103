package io.github.httpreport.examples.cli;

import io.github.httpreport.HttpProxySender;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Source of the nodes: a Manager lists them, or the user does. */
final class ServerOptions extends ManagerOptions {

  @Option(
      names = "--node",
      required = true,
      paramLabel = "HOST:PORT",
      description =
          "A server to report to: for inlong, a node without asking a Manager. May be repeated.")
  private List<String> nodes = new ArrayList<>();

  boolean isManager() {
    return !managers().isEmpty();
  }

  List<String> nodes() {
    return nodes;
  }

  /**
   * Sets them on a sender.
   *
   * @param options what to ask the user for where nothing was given
   */
  HttpProxySender.Builder applyTo(HttpProxySender.Builder sender, String options) {
    if (!isManager() && nodes.isEmpty()) {
      throw new IllegalArgumentException("give " + options);
    }
    return isManager()
        ? sender.manager(managers().toArray(String[]::new))
        : sender.nodes(nodes.toArray(String[]::new));
  }

  /** Sets them on a sender whose protocol knows no Manager. */
  HttpProxySender.Builder applyNodesTo(HttpProxySender.Builder sender) {
    if (isManager()) {
      requireNone("--node");
    }
    return applyTo(sender, "--node");
  }

  /** Refuses what a protocol has no use for. */
  void requireNone(String instead) {
    if (isManager() || !nodes.isEmpty()) {
      throw new IllegalArgumentException(
          (isManager() ? "--manager" : "--node")
              + " does not go with this --protocol; use "
              + instead);
    }
  }
}
