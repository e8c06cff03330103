package io.github.httpreport.faults;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import io.github.httpreport.testkit.StoredRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A cluster with a Manager that asks for credentials and is asked several times a second. */
final class ClusterFaultScenario implements FaultScenario {

  private static final Duration REFRESH = Duration.ofMillis(100);

  private final LocalCluster cluster;
  private final List<AutoCloseable> resources = new ArrayList<>();
  private BiConsumer<ClusterFaultScenario, Traffic> stage = (scenario, traffic) -> {};
  private BiConsumer<ClusterFaultScenario, Traffic> play = (scenario, traffic) -> traffic.wave();
  private Consumer<ClusterFaultScenario> check = scenario -> {};

  private ClusterFaultScenario(int nodes) {
    cluster =
        LocalCluster.builder()
            .name("faults-cluster")
            .nodes(nodes)
            .authentication(Canary.SECRET_ID, Canary.SECRET_KEY)
            .start();
  }

  static ClusterFaultScenario of(int nodes) {
    return new ClusterFaultScenario(nodes);
  }

  /** Breaks it from the start. */
  ClusterFaultScenario broken(Consumer<LocalCluster> how) {
    how.accept(cluster);
    return this;
  }

  /** Breaks it when a sender has worked well. */
  ClusterFaultScenario brokenLater(Consumer<LocalCluster> how) {
    stage =
        (scenario, traffic) -> {
          traffic.wave(Expected.delivered());
          traffic.awaitCompleted();
          how.accept(cluster);
        };
    return this;
  }

  ClusterFaultScenario playing(BiConsumer<ClusterFaultScenario, Traffic> value) {
    play = value;
    return this;
  }

  ClusterFaultScenario checking(Consumer<ClusterFaultScenario> value) {
    check = value;
    return this;
  }

  ClusterFaultScenario owning(AutoCloseable resource) {
    resources.add(resource);
    return this;
  }

  LocalCluster cluster() {
    return cluster;
  }

  LocalNode node(int index) {
    return cluster.node(index);
  }

  /** Sends until the Manager was asked twice more, so that the first answer has arrived. */
  void sendUntilRefreshed(Traffic traffic) {
    long before = cluster.manager().requests();
    traffic.wavesUntil(() -> cluster.manager().requests() >= before + 2);
  }

  @Override
  public void show(HttpProxySender.Builder builder) {
    builder.nodeSource(
        InLongManager.builder(cluster.managerUrl())
            .credentials(Canary.SECRET_ID, Canary.SECRET_KEY)
            .refreshInterval(REFRESH)
            .build());
  }

  @Override
  public void stage(Traffic traffic) {
    stage.accept(this, traffic);
  }

  @Override
  public void play(Traffic traffic) {
    play.accept(this, traffic);
  }

  @Override
  public void check() {
    check.accept(this);
  }

  @Override
  public List<String> stored() {
    return cluster.stored().stream().map(StoredRecord::messages).flatMap(List::stream).toList();
  }

  @Override
  public long openConnections() {
    return cluster.nodes().stream().mapToLong(LocalNode::openConnections).sum();
  }

  @Override
  public void close() {
    ScriptedFaultScenario.closeAll(resources);
    cluster.close();
  }
}
