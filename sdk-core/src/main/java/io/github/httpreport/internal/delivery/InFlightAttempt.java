package io.github.httpreport.internal.delivery;

import io.github.httpreport.Attempt;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.node.NodeState;
import io.github.httpreport.internal.transport.ExchangeFailures;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One attempt while it is under way: counted at its node from the start to {@link #end}. */
final class InFlightAttempt {

  private final NodeState state;
  private final Request request;
  private final WireProtocol protocol;
  private final Scheduler timer;
  private final boolean renewed;
  private final long startNanos;
  private volatile @Nullable Verdict verdict;
  private long nanos;

  /**
   * @param renewed whether the request carries credentials that this delivery requested after a
   *     refusal
   */
  InFlightAttempt(
      NodeState state, Request request, WireProtocol protocol, Scheduler timer, boolean renewed) {
    this.state = state;
    this.request = request;
    this.protocol = protocol;
    this.timer = timer;
    this.renewed = renewed;
    startNanos = timer.nanoTime();
    state.started();
  }

  NodeState state() {
    return state;
  }

  Node node() {
    return state.node();
  }

  Request request() {
    return request;
  }

  boolean hasRenewedCredentials() {
    return renewed;
  }

  long startNanos() {
    return startNanos;
  }

  /** How long it took. Not before its end. */
  long nanos() {
    return nanos;
  }

  /** When it ended. Not before its end. */
  long endNanos() {
    return startNanos + nanos;
  }

  /** Asked by the transport, which keeps the connection after nothing but a success. */
  boolean accepts(Response response) {
    Verdict known = protocol.classify(response);
    verdict = known;
    return known instanceof Verdict.Accepted accepted && accepted.keepConnection();
  }

  /** Whether the server has the messages. */
  boolean isAccepted() {
    return verdict instanceof Verdict.Accepted;
  }

  /** The failure of the exchange: what was thrown, or a success that no server can know of yet. */
  @Nullable Throwable failure(@Nullable Response response, @Nullable Throwable error) {
    boolean tooEarly = response != null && response.early() && verdict instanceof Verdict.Accepted;
    if (!tooEarly) {
      return error;
    }
    verdict = null;
    return ExchangeFailures.answeredEarly(request.origin());
  }

  /** Ends it with the answer or the error that came. */
  Verdict end(@Nullable Response response, @Nullable Throwable error) {
    nanos = timer.nanoTime() - startNanos;
    state.ended();
    Verdict known = verdict;
    return response == null || known == null ? SendExceptions.verdict(error) : known;
  }

  /** What the caller gets to see of it. */
  Attempt attempt(Verdict end, @Nullable Throwable error) {
    return Attempt.of(
        state.address(), Duration.ofNanos(nanos), SendExceptions.outcome(end, error), end.code());
  }
}
