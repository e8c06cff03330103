package io.github.httpreport.examples.cli;

import io.github.httpreport.HttpProxySender;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where nodes come from: a Manager tells them, or the user does. */
final class ServerOptions {

  @Option(
      names = "--manager",
      required = true,
      paramLabel = "URL",
      description = "An InLong Manager, like http://manager:8083. Several are tried in turn.")
  private List<String> managers = new ArrayList<>();

  @Option(
      names = "--node",
      required = true,
      paramLabel = "HOST:PORT",
      description =
          "A server to report to: for inlong, a node without asking a Manager. May be repeated.")
  private List<String> nodes = new ArrayList<>();

  boolean isManager() {
    return !managers.isEmpty();
  }

  List<String> managers() {
    return managers;
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
    if (managers.isEmpty() && nodes.isEmpty()) {
      throw new IllegalArgumentException("give " + options);
    }
    return isManager()
        ? sender.manager(managers.toArray(String[]::new))
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
    if (!managers.isEmpty() || !nodes.isEmpty()) {
      throw new IllegalArgumentException(
          (isManager() ? "--manager" : "--node")
              + " does not go with this --protocol; use "
              + instead);
    }
  }
}
