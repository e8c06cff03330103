package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A cluster one node of which ceases to answer for a while, under steady load. */
final class Recovery implements AutoCloseable {

  private static final Duration SAMPLE = Duration.ofMillis(250);

  /** How long it takes to warm up, to know the level, and to show that it stays, each. */
  private static final Duration MAX_PHASE = Duration.ofSeconds(3);

  /** Long enough that the machine is not the limit: calls per second are width by this. */
  private static final Duration RESPONSE_TIME = Duration.ofMillis(20);

  private static final Duration TIME_TO_STABILIZE = Duration.ofMinutes(3);
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final RecoveryPlan plan;
  private final LocalCluster cluster;
  private final ProxySender sender;
  private final ClosedLoop load;
  private final List<Curve.CurvePoint> samples = new ArrayList<>();
  private final CompletableFuture<Void> end;
  private long[] counts;
  private long startNanos;
  private double sampledTo;

  /**
   * Starts the cluster.
   *
   * @param end completes when the trial is to end before its time
   */
  Recovery(RecoveryPlan plan, CompletableFuture<Void> end) {
    this.plan = plan;
    this.end = end;
    counts = new long[plan.nodes()];
    cluster =
        LocalCluster.builder()
            .name("recovery-cluster")
            .nodes(plan.nodes())
            .onStored(record -> {})
            .start();
    cluster.nodes().forEach(node -> node.slow(RESPONSE_TIME));
    sender =
        HttpProxySender.builder()
            .manager(cluster.managerUrl())
            .requestTimeout(plan.requestTimeout())
            .name("recovery-sender")
            .build();
    load = new ClosedLoop(sender);
  }

  /** Takes as long as the plan says, and at most half a minute more. */
  Curve run() throws InterruptedException, TimeoutException {
    Duration twoTimeouts = plan.requestTimeout().multipliedBy(2);
    Duration phase = twoTimeouts.compareTo(MAX_PHASE) < 0 ? twoTimeouts : MAX_PHASE;
    load.start(plan.width());
    startNanos = System.nanoTime();
    sampleFor(phase);
    restartClock();
    sampleFor(phase);
    LocalNode node = cluster.node(Curve.NODE);
    double hole = sampledTo;
    node.always(plan.heartbeats() ? Fault.noResponse() : Fault.blackHole());
    sampleFor(plan.outage());
    double back = sampledTo;
    node.clearFaults();
    Curve curve = new Curve(List.copyOf(samples), hole, back, plan.requestTimeout());
    while (curve.shareRegained().isEmpty() && sampledTo < back + Curve.SHARE_SECONDS) {
      sampleFor(SAMPLE);
      curve = new Curve(List.copyOf(samples), hole, back, plan.requestTimeout());
    }
    sampleFor(phase);
    complete();
    return new Curve(List.copyOf(samples), hole, back, plan.requestTimeout());
  }

  /** How many calls failed. */
  long failed() {
    return load.failed();
  }

  private void restartClock() {
    samples.clear();
    startNanos = System.nanoTime();
    sampledTo = 0;
  }

  private void sampleFor(Duration time) throws InterruptedException, TimeoutException {
    long rounds = Math.max(1, time.dividedBy(SAMPLE));
    for (long i = 0; i < rounds; i++) {
      awaitSecond(sampledTo + SAMPLE.toNanos() / NANOS_PER_SECOND);
      sample();
    }
  }

  private void awaitSecond(double second) throws InterruptedException, TimeoutException {
    long left = startNanos + (long) (second * NANOS_PER_SECOND) - System.nanoTime();
    try {
      end.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a termination does not fail", e);
    }
    throw new TimeoutException("ended before its time");
  }

  private void sample() {
    double now = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
    long[] counted = cluster.nodes().stream().mapToLong(load::acknowledgedBy).toArray();
    double[] perSecond = new double[counted.length];
    for (int i = 0; i < counted.length; i++) {
      perSecond[i] = (counted[i] - counts[i]) / (now - sampledTo);
    }
    counts = counted;
    sampledTo = now;
    samples.add(new Curve.CurvePoint(now, perSecond));
  }

  private void complete() throws InterruptedException, TimeoutException {
    try {
      load.stop().get(TIME_TO_STABILIZE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of the load does not fail", e);
    }
  }

  @Override
  public void close() {
    load.stop();
    sender.close();
    load.close();
    cluster.close();
  }
}
