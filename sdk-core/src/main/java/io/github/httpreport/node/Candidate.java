package io.github.httpreport.node;

import java.time.Duration;
import java.util.Optional;

/** A healthy node and what this sender knows of it now. Reading is cheap; values may change. */
public interface Candidate {

  /**
   * The node.
   *
   * @return never null
   */
  Node node();

  /**
   * Requests of this sender on the way to the node.
   *
   * @return at least 0
   */
  int inFlight();

  /**
   * The smoothed time of its responses in nanoseconds, which fades when nothing is asked of it for
   * a while, so that a node once slow is tried again.
   *
   * @return at least 0, or -1 until its first response
   */
  long latencyNanos();

  /**
   * The smoothed time of its responses, as {@link #latencyNanos()} returns it.
   *
   * @return empty until its first response
   */
  default Optional<Duration> latency() {
    long nanos = latencyNanos();
    return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }

  /**
   * Failures since its last success.
   *
   * @return at least 0
   */
  int failures();

  /**
   * The load that it reported to the node source; more is busier.
   *
   * @return at least 0, {@link NodeList#UNKNOWN_LOAD} when nothing is known; the selectors of this
   *     package take a negative one for unknown
   */
  int reportedLoad();
}
