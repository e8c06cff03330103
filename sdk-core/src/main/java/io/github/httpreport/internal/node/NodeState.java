package io.github.httpreport.internal.node;

import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.node.Candidate;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import java.util.concurrent.atomic.AtomicInteger;

/** What this sender knows of one node, for all groups that list it. */
public final class NodeState implements Candidate {

  private final Node node;
  private final String address;
  private final Scheduler timer;
  private final LatencyEstimate latency = new LatencyEstimate();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger listings = new AtomicInteger();
  private final Ejection ejection = new Ejection();
  private volatile int reportedLoad = NodeList.UNKNOWN_LOAD;

  NodeState(Node node, Scheduler timer) {
    this.node = node;
    address = node.address();
    this.timer = timer;
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public int inFlight() {
    return inFlight.get();
  }

  @Override
  public long latencyNanos() {
    return latency.nanos(timer.nanoTime(), inFlight.get());
  }

  @Override
  public int failures() {
    return failures.get();
  }

  @Override
  public int reportedLoad() {
    return reportedLoad;
  }

  /** As attempts and results tell it. */
  public String address() {
    return address;
  }

  public Ejection ejection() {
    return ejection;
  }

  public void started() {
    if (inFlight.getAndIncrement() == 0) {
      latency.startWaiting(timer.nanoTime());
    }
  }

  public void ended() {
    inFlight.decrementAndGet();
  }

  public void answered(long nanos) {
    latency.record(nanos, timer.nanoTime());
  }

  int failed() {
    return failures.incrementAndGet();
  }

  void clearFailures() {
    // Read first: on a well node this runs for every request, on every thread.
    if (failures.get() != 0) {
      failures.set(0);
    }
  }

  /** Forgets what was measured before the node was ejected. */
  void startAfresh() {
    failures.set(0);
    latency.reset();
  }

  void listed(int load) {
    listings.incrementAndGet();
    reportedLoad = load;
  }

  /** Whether no group lists the node any more. */
  boolean unlisted() {
    return listings.decrementAndGet() == 0;
  }

  boolean isListed() {
    return listings.get() > 0;
  }

  @Override
  public String toString() {
    return address;
  }
}
