package io.github.httpreport.examples.cli;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.util.List;

/** An InLong Manager and its DataProxy nodes. */
final class InLongServers implements DemoServers {

  private final LocalCluster cluster;

  InLongServers(int nodes, Listener listener) {
    cluster =
        LocalCluster.builder()
            .name("demo")
            .nodes(nodes)
            .onStored(
                record -> record.messages().forEach(line -> listener.stored(record.node(), line)))
            .start();
  }

  LocalCluster cluster() {
    return cluster;
  }

  @Override
  public HttpProxySender.Builder applyTo(HttpProxySender.Builder sender) {
    return sender.manager(cluster.managerUrl());
  }

  @Override
  public List<String> addresses() {
    return cluster.nodes().stream().map(LocalNode::address).toList();
  }

  @Override
  public void stop(int index) {
    cluster.node(index).stop();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
