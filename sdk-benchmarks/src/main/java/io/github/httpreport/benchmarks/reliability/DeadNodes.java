package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.node.Node;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Nodes on 127.0.0.1 that fail, two for each group. */
final class DeadNodes implements AutoCloseable {

  private static final int NODES_OF_A_GROUP = 2;

  /** So many connections fill the queue of a socket that accepts none. */
  private static final int BACKLOG = 8;

  /** Groups share them when there are more groups: each node of a cluster has threads. */
  private static final int MAX_RUNNING = 20;

  private final List<AutoCloseable> resources = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  DeadNodes(NodeFailure death, int groups) {
    int count = groups * NODES_OF_A_GROUP;
    switch (death) {
      case BLACK_HOLE -> addPorts(count, true);
      case REFUSED -> addPorts(count, false);
      case NO_RESPONSE -> addRunning(count, Fault.blackHole());
      case QUEUE_FULL -> addRunning(count, Fault.queueFull());
    }
  }

  /** The nodes of a group. */
  List<Node> of(int group) {
    int first = group * NODES_OF_A_GROUP % nodes.size();
    return nodes.subList(first, first + NODES_OF_A_GROUP);
  }

  private void addRunning(int count, Fault fault) {
    LocalCluster cluster =
        LocalCluster.builder()
            .name("dead-cluster")
            .nodes(Math.min(count, MAX_RUNNING))
            .onStored(record -> {})
            .start();
    resources.add(cluster);
    for (LocalNode node : cluster.nodes()) {
      node.always(fault);
      nodes.add(Node.of("127.0.0.1", node.port()));
    }
  }

  private void addPorts(int count, boolean listening) {
    try {
      for (int i = 0; i < count; i++) {
        nodes.add(Node.of("127.0.0.1", listening ? fullPort() : closedPort()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bound and never listening, so that no other process takes the port meanwhile. */
  private int closedPort() throws IOException {
    Socket bound = kept(new Socket());
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return bound.getLocalPort();
  }

  /** A port with a full queue of connections: the operating system drops what comes. */
  private int fullPort() throws IOException {
    ServerSocket full = kept(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    for (int i = 0; i < BACKLOG; i++) {
      SocketChannel queued = kept(SocketChannel.open());
      queued.configureBlocking(false);
      queued.connect(full.getLocalSocketAddress());
    }
    return full.getLocalPort();
  }

  private <T extends Closeable> T kept(T resource) {
    resources.add(resource);
    return resource;
  }

  @Override
  public void close() {
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("a socket of a trial did not close", e);
      }
    }
  }
}
