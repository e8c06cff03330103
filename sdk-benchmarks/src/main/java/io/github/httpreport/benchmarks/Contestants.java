package io.github.httpreport.benchmarks;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.inlong.InLongProtocol;
import java.io.IOException;
import java.util.List;

/** Makes contestants. */
final class Contestants {

  private Contestants() {}

  static Contestant of(Scenario setup, ServerProcess server) throws IOException {
    List<String> nodes = server.nodes().subList(0, setup.reach().nodes());
    return switch (setup.kind()) {
      case RAW, RAW_ENCODING -> new RawSockets(setup, nodes);
      case MINIMAL -> new MinimalSends(setup, nodes);
      case MINIMAL_BLOCKING -> new MinimalBlockingClient(setup, nodes);
      case MINIMAL_CHAINED -> new ChainedPosts(setup, nodes);
      case DOCUMENTED -> new DocumentedClient(setup, nodes);
      case SEND -> new BlockingSends(setup, sender(setup, server));
      case SEND_ASYNC -> new AsyncSends(setup, sender(setup, server));
      case SEND_CHAINED -> new ChainedSends(setup, sender(setup, server));
      case ENQUEUE -> new Enqueues(setup, sender(setup, server));
    };
  }

  /** With the library's defaults, but for the encoding. */
  static ProxySender sender(Scenario setup, ServerProcess server) {
    return HttpProxySender.builder()
        .name(senderName(setup))
        .manager(server.managerUrl(setup.reach().nodes()))
        .protocol(InLongProtocol.builder().encoding(setup.text().encoding()).build())
        .build();
  }

  /** Begins the names of the threads of the contestant's sender. */
  static String senderName(Scenario setup) {
    // The end keeps one name from being the beginning of another.
    return setup.name().replaceAll("[^A-Za-z0-9]+", "-") + "_";
  }
}
