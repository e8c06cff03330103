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
   * The smoothed time of its answers, which fades when no answer comes for a while, so that a node
   * once slow is tried again.
   *
   * @return empty until its first answer
   */
  Optional<Duration> latency();

  /**
   * Failures since its last success.
   *
   * @return at least 0
   */
  int failures();

  /**
   * The load that it reported to the node source; more is busier.
   *
   * @return {@link NodeList#UNKNOWN_LOAD} when nothing is known
   */
  int reportedLoad();
}
