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

/**
 * One attempt in flight, which its node counts from the constructor to {@link #end}.
 *
 * <p>The transport asks {@link #accepts} once the response is complete, on the thread that reads
 * it; that classifies the response, and its verdict is kept for the delivery, which ends the
 * attempt on the same thread or on the one that completes the exchange. The verdict is volatile for
 * that.
 */
final class InFlightAttempt {

  private final NodeState state;
  private final Request request;
  private final WireProtocol protocol;
  private final Scheduler scheduler;
  private final boolean renewed;
  private final long startNanos;
  private volatile @Nullable Verdict verdict;

  /** Duration; written by {@link #end}, on the thread that then reads it. */
  private long nanos;

  /**
   * @param renewed whether the request carries credentials that this delivery requested after a
   *     refusal
   */
  InFlightAttempt(
      NodeState state,
      Request request,
      WireProtocol protocol,
      Scheduler scheduler,
      boolean renewed) {
    this.state = state;
    this.request = request;
    this.protocol = protocol;
    this.scheduler = scheduler;
    this.renewed = renewed;
    startNanos = scheduler.nanoTime();
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

  /** Its duration in nanoseconds; valid after {@link #end}. */
  long nanos() {
    return nanos;
  }

  /** When it ended; valid after {@link #end}. */
  long endNanos() {
    return startNanos + nanos;
  }

  /**
   * Classifies the response; true if the transport may keep the connection. The transport needs to
   * know before it completes the exchange, which is why the verdict is made here and not in the
   * delivery.
   */
  boolean accepts(Response response) {
    Verdict known = protocol.classify(response);
    verdict = known;
    return known instanceof Verdict.Accepted accepted && accepted.keepsConnection();
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

  /** Ends it with the response or the error of the exchange. */
  Verdict end(@Nullable Response response, @Nullable Throwable error) {
    nanos = scheduler.nanoTime() - startNanos;
    state.ended();
    Verdict known = verdict;
    return response == null || known == null ? SendExceptions.verdict(error) : known;
  }

  /** The entry of this attempt in the history that the caller gets. */
  Attempt attempt(Verdict end, @Nullable Throwable error) {
    return Attempt.of(
        state.address(), Duration.ofNanos(nanos), SendExceptions.outcome(end, error), end.code());
  }
}
