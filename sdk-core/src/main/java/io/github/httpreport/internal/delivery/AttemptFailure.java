package io.github.httpreport.internal.delivery;

import java.time.Duration;
import java.util.Optional;

/**
 * Carrier of what the wait before the next attempt depends on. It is an exception because
 * resilience4j counts an attempt as failed by the exception that it is given.
 */
final class AttemptFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean anotherNode;
  private final transient Optional<Duration> retryAfter;

  AttemptFailure(boolean anotherNode, Optional<Duration> retryAfter) {
    // Made for every failed attempt and never thrown: no text, no stack.
    super(null, null, false, false);
    this.anotherNode = anotherNode;
    this.retryAfter = retryAfter;
  }

  /** Whether a healthy node is left that this delivery has not tried. */
  boolean anotherNode() {
    return anotherNode;
  }

  /** How long the server asked to wait, which does not bind another node. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
