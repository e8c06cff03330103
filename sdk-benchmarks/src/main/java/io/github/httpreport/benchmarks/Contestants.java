package io.github.httpreport.benchmarks;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.inlong.InLongProtocol;
import java.io.IOException;
import java.util.List;

/** Makes contestants. */
final class Contestants {

  private Contestants() {}

  static Contestant of(Scenario scenario, ServerProcess server) throws IOException {
    List<String> nodes = server.nodes().subList(0, scenario.topology().nodes());
    return switch (scenario.kind()) {
      case RAW, RAW_ENCODING -> new RawSockets(scenario, nodes);
      case MINIMAL -> new MinimalSends(scenario, nodes);
      case MINIMAL_BLOCKING -> new MinimalBlockingClient(scenario, nodes);
      case MINIMAL_CHAINED -> new ChainedPosts(scenario, nodes);
      case DOCUMENTED -> new DocumentedClient(scenario, nodes);
      case SEND -> new BlockingSends(scenario, sender(scenario, server));
      case SEND_ASYNC -> new AsyncSends(scenario, sender(scenario, server));
      case SEND_CHAINED -> new ChainedSends(scenario, sender(scenario, server));
      case ENQUEUE -> new Enqueues(scenario, sender(scenario, server));
    };
  }

  /** With the library's defaults, but for the encoding. */
  static ProxySender sender(Scenario scenario, ServerProcess server) throws IOException {
    HttpProxySender.Builder builder =
        HttpProxySender.builder()
            .name(senderName(scenario))
            .protocol(InLongProtocol.builder().encoding(scenario.text().encoding()).build());
    if (!scenario.topology().tls()) {
      return builder.manager(server.managerUrl(scenario.topology().nodes())).build();
    }
    String[] nodes =
        server.nodes().stream()
            .limit(scenario.topology().nodes())
            .map(node -> "https://" + node)
            .toArray(String[]::new);
    return builder.nodes(nodes).tls(server.certificate().trust()).build();
  }

  /** Begins the names of the threads of the contestant's sender. */
  static String senderName(Scenario scenario) {
    // The end keeps one name from being the beginning of another.
    return scenario.name().replaceAll("[^A-Za-z0-9]+", "-") + "_";
  }
}
