package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Restarts the nodes of a cluster one after the other, and lets another one meet a fault before and
 * in the middle of each restart.
 */
final class FaultSchedule implements AutoCloseable {

  /**
   * What the cluster went through.
   *
   * @param restarts how many nodes were stopped
   * @param faults how many were scripted
   * @param firstError what went wrong with the trouble itself, empty when nothing did
   */
  record FaultCounts(long restarts, long faults, String firstError) {}

  private static final int STEPS = 4;

  private static final List<Fault> FAULTS =
      List.of(
          Fault.queueFull(),
          Fault.resetBeforeRead(),
          Fault.resetAfterRead(),
          Fault.storeThenReset(),
          Fault.storeThenNoResponse(),
          Fault.noResponse(),
          Fault.blackHole(),
          Fault.closeAfterAccept(),
          Fault.halfResponse(),
          Fault.unsolicited(),
          Fault.sinkNotReady(),
          Fault.slow(Duration.ofMillis(200)),
          Fault.status(503, "busy", "Retry-After: 1"));

  private final LocalCluster cluster;
  private final Random random;
  private final Duration pause;
  private final ScheduledExecutorService thread;
  private final List<String> news = new ArrayList<>();
  private long steps;
  private long restarts;
  private long faults;
  private String firstError = "";

  FaultSchedule(LocalCluster cluster, Duration restartEvery, long seed) {
    this.cluster = cluster;
    random = new Random(seed);
    pause = restartEvery.dividedBy(STEPS);
    thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "trouble"));
  }

  void start() {
    long nanos = pause.toNanos();
    thread.scheduleAtFixedRate(this::step, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private void step() {
    try {
      int down = (int) (steps / STEPS % cluster.nodes().size());
      switch ((int) (steps % STEPS)) {
        case 1 -> stop(down);
        case 3 -> start(down);
        default -> fault(down);
      }
      steps++;
    } catch (RuntimeException e) {
      note(e);
    }
  }

  private void stop(int index) {
    cluster.node(index).stop();
    restarts++;
    say("node " + index + " stopped");
  }

  private void start(int index) {
    cluster.node(index).start();
    say("node " + index + " back");
  }

  private void fault(int notOn) {
    int index = (notOn + 1 + random.nextInt(cluster.nodes().size() - 1)) % cluster.nodes().size();
    Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
    cluster.node(index).script(fault);
    faults++;
    say("node " + index + ' ' + fault);
  }

  private synchronized void say(String text) {
    news.add(text);
  }

  private synchronized void note(RuntimeException error) {
    if (firstError.isEmpty()) {
      firstError = error.toString();
    }
  }

  /** What happened since this was last asked. */
  synchronized String news() {
    String all = String.join(", ", news);
    news.clear();
    return all;
  }

  /** To be asked when it is closed. */
  synchronized FaultCounts counts() {
    return new FaultCounts(restarts, faults, firstError);
  }

  /** Lets every node run and be well. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
        note(new IllegalStateException("a node did not stop within a minute"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      cluster.nodes().forEach(LocalNode::start);
      cluster.nodes().forEach(LocalNode::clearFaults);
    } catch (RuntimeException e) {
      note(e);
    }
  }
}
