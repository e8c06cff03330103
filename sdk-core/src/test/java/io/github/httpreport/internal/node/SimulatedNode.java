package io.github.httpreport.internal.node;

import io.github.httpreport.node.Candidate;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import java.util.function.LongSupplier;

/** A node that answers after a time of the test's choice, seen by its sender like a real one. */
final class SimulatedNode implements Candidate {

  private final Node node;
  private final LongSupplier clock;
  private final LatencyEstimate latency = new LatencyEstimate();
  private LongSupplier serviceNanos;
  private int reportedLoad = NodeList.UNKNOWN_LOAD;
  private int inFlight;
  private long requests;

  SimulatedNode(int number, LongSupplier clock, LongSupplier serviceNanos) {
    this.node = Node.of("node-" + number, 46802);
    this.clock = clock;
    this.serviceNanos = serviceNanos;
  }

  void respondsAfter(LongSupplier newServiceNanos) {
    serviceNanos = newServiceNanos;
  }

  void reports(int load) {
    reportedLoad = load;
  }

  /** Takes a request and tells how long it will take. */
  long start() {
    if (inFlight++ == 0) {
      latency.startWaiting(clock.getAsLong());
    }
    requests++;
    return serviceNanos.getAsLong();
  }

  void response(long tookNanos) {
    inFlight--;
    latency.record(tookNanos, clock.getAsLong());
  }

  long requests() {
    return requests;
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public int inFlight() {
    return inFlight;
  }

  @Override
  public long latencyNanos() {
    return latency.nanos(clock.getAsLong(), inFlight);
  }

  @Override
  public int failures() {
    return 0;
  }

  @Override
  public int reportedLoad() {
    return reportedLoad;
  }
}
