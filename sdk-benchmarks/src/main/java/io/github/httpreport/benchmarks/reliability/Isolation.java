package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Groups with healthy nodes beside groups with dead ones, in one sender with default settings. */
final class Isolation implements AutoCloseable {

  /** What the healthy groups are offered. */
  static final int PER_SECOND = 160;

  /** Long enough that the noise of the machine is small against it. */
  private static final Duration RESPONSE_TIME = Duration.ofMillis(20);

  private static final Duration MAX_WARM_UP = Duration.ofSeconds(2);

  /** For the answers to what was offered last, while the load goes on. */
  private static final Duration TIME_TO_STABILIZE = Duration.ofSeconds(1);

  private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(200);
  private static final int HEALTHY_NODES = 2;

  /** Of the healthy nodes' answers, every twentieth is code 114 if any is. */
  private static final int EVERY = 20;

  private final IsolationPlan plan;
  private final CompletableFuture<Void> end;
  private final LocalCluster healthy;

  /**
   * Starts the healthy nodes.
   *
   * @param end completes when the trial is to end before its time
   */
  Isolation(IsolationPlan plan, CompletableFuture<Void> end) {
    this.plan = plan;
    this.end = end;
    healthy =
        LocalCluster.builder()
            .name("isolation-cluster")
            .nodes(HEALTHY_NODES)
            .onStored(record -> {})
            .start();
    healthy.nodes().forEach(node -> node.slow(RESPONSE_TIME));
  }

  /** What the healthy groups get while others are dead, or with none beside them. */
  GroupLoad.Delivered run(CallKind way, @Nullable NodeFailure death, boolean queueFull)
      throws InterruptedException, TimeoutException {
    int dead = plan.groups() / 2;
    if (death == null) {
      return run(way, group -> healthyNodes(), null, queueFull);
    }
    try (DeadNodes nodes = new DeadNodes(death, dead)) {
      return run(
          way,
          id -> id.startsWith("dead") ? nodes.of(number(id)) : healthyNodes(),
          death,
          queueFull);
    }
  }

  private GroupLoad.Delivered run(
      CallKind way, GroupNodesOf nodes, @Nullable NodeFailure death, boolean queueFull)
      throws InterruptedException, TimeoutException {
    int half = plan.groups() / 2;
    ProxySender sender =
        HttpProxySender.builder().nodeSource(nodes).name("isolation-sender").build();
    try (GroupLoad load =
            new GroupLoad(
                sender, way, names("healthy", half), PER_SECOND, i -> fail(queueFull, i));
        GroupLoad beside =
            new GroupLoad(
                sender,
                way,
                names("dead", half),
                death == null ? 1 : death.perSecond(),
                number -> {})) {
      load.start();
      await(atMost(MAX_WARM_UP));
      load.measure();
      if (death != null) {
        beside.start();
      }
      long startNanos = System.nanoTime();
      await(plan.time());
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      double perSecond = load.endMeasuring() / seconds;
      await(atMost(TIME_TO_STABILIZE));
      return new GroupLoad.Delivered(perSecond, load.p99Millis());
    } finally {
      sender.close(CLOSE_TIMEOUT);
    }
  }

  private Duration atMost(Duration most) {
    return plan.time().compareTo(most) < 0 ? plan.time() : most;
  }

  private void fail(boolean queueFull, long number) {
    if (queueFull && number % EVERY == 0) {
      healthy.node((int) (number / EVERY % HEALTHY_NODES)).script(Fault.queueFull());
    }
  }

  private List<Node> healthyNodes() {
    return healthy.nodes().stream().map(node -> Node.of("127.0.0.1", node.port())).toList();
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + '-' + i).toList();
  }

  private static int number(String groupId) {
    return Integer.parseInt(groupId.substring(groupId.indexOf('-') + 1));
  }

  private void await(Duration time) throws InterruptedException, TimeoutException {
    try {
      end.get(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a termination does not fail", e);
    }
    throw new TimeoutException("ended before its time");
  }

  @Override
  public void close() {
    healthy.close();
  }

  /** Tells the nodes of a group from its name. */
  private interface GroupNodesOf extends NodeSource {

    List<Node> of(String groupId);

    @Override
    default CompletionStage<NodeList> fetch(String groupId, Exchange exchange) {
      return CompletableFuture.completedFuture(NodeList.of(of(groupId)));
    }
  }
}
