package io.github.httpreport.internal.node;

import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.node.Candidate;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * State of one node, for all groups that list it: requests in flight, smoothed latency, failures in
 * a row, reported load, and ejection.
 *
 * <p>Deliveries count attempts and results on their own threads, with atomics and volatile fields;
 * a selector reads them at the same time and may see one of two related changes. The ejection and
 * the number of listings change only under the lock of {@link NodeTable}. A state lives from the
 * first list that names its node to the last one.
 */
public final class NodeState implements Candidate {

  private final Node node;
  private final String address;
  private final Scheduler scheduler;
  private final LatencyEstimate latency = new LatencyEstimate();
  private final AtomicInteger inFlight = new AtomicInteger();

  /** Failures in a row, of all groups together: a node is ejected for all of them. */
  private final AtomicInteger failures = new AtomicInteger();

  /** Groups that list the node; at zero the table forgets it. */
  private final AtomicInteger listings = new AtomicInteger();

  private final Ejection ejection = new Ejection();
  private volatile int reportedLoad = NodeList.UNKNOWN_LOAD;

  NodeState(Node node, Scheduler scheduler) {
    this.node = node;
    address = node.address();
    this.scheduler = scheduler;
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public int inFlight() {
    return inFlight.get();
  }

  /**
   * The smoothed response time, at least the time since the last response while requests are in
   * flight; negative before the first response.
   */
  @Override
  public long latencyNanos() {
    return latency.nanos(scheduler.nanoTime(), inFlight.get());
  }

  @Override
  public int failures() {
    return failures.get();
  }

  @Override
  public int reportedLoad() {
    return reportedLoad;
  }

  /** The address as attempts and results name it. */
  public String address() {
    return address;
  }

  public Ejection ejection() {
    return ejection;
  }

  /**
   * Counts an attempt as in flight. The first one starts the clock of a response that is overdue.
   */
  public void started() {
    if (inFlight.getAndIncrement() == 0) {
      latency.startWaiting(scheduler.nanoTime());
    }
  }

  public void ended() {
    inFlight.decrementAndGet();
  }

  public void responded(long nanos) {
    latency.record(nanos, scheduler.nanoTime());
  }

  /** Counts a failure; returns how many there were in a row. */
  int failed() {
    return failures.incrementAndGet();
  }

  void clearFailures() {
    // Read first: on a healthy node this runs for every request, on every thread.
    if (failures.get() != 0) {
      failures.set(0);
    }
  }

  /** Forgets the measurements from before the ejection. */
  void startAfresh() {
    failures.set(0);
    latency.reset();
  }

  /** Counts one more listing. The load is that of the last list of any group. */
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
