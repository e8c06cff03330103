package io.github.httpreport.internal.delivery;

import io.github.httpreport.Attempt;
import io.github.httpreport.common.Futures;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.node.GroupNodes;
import io.github.httpreport.internal.node.NodeState;
import io.github.httpreport.internal.share.GroupShare;
import io.github.httpreport.internal.transport.ExchangeFailures;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol.FirstUse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the attempts of one delivery, one after the other: authenticates where the protocol asks for
 * it, sends the request, and classifies the response. The delivery decides what follows.
 *
 * <p>An attempt begins with a place in flight and a node that counts it. Exactly one path gives
 * both back: an exchange that was started does so when it ends, whatever it ends with; before that,
 * {@link #abandon} does.
 *
 * <p>The steps run on the thread that brings the next event: the caller's or the scheduler's at the
 * start, the I/O thread after an exchange, the thread of another delivery after a wait for
 * credentials or for a first request. Never on two at a time, so there is no lock.
 */
final class AttemptRunner {

  private final DeliveryContext context;
  private final Payload payload;
  private final GroupShare share;
  private final Delivery delivery;
  private final DeliveryOutcome outcome;
  private final DeliveryDeadline deadline;

  /**
   * The request whose credentials are to be replaced before the next attempt; null when none are.
   */
  private @Nullable Request outdated;

  /** Whether the server refused those credentials, rather than failed to respond to them. */
  private boolean unauthorized;

  /** Whether the next exchange carries credentials that were requested after a refusal. */
  private boolean renewed;

  AttemptRunner(
      DeliveryContext context,
      Payload payload,
      GroupShare share,
      Delivery delivery,
      DeliveryOutcome outcome,
      DeliveryDeadline deadline) {
    this.context = context;
    this.payload = payload;
    this.share = share;
    this.delivery = delivery;
    this.outcome = outcome;
    this.deadline = deadline;
  }

  /** Replaces the credentials of this request before the next attempt. */
  void renewCredentials(Request request) {
    outdated = request;
  }

  /** The same after the server refused them. */
  void renewRefusedCredentials(Request request) {
    outdated = request;
    unauthorized = true;
  }

  /**
   * The core of the line, on the place that the delivery holds: select a node, exchange, classify.
   * {@link Delivery#conclude} goes on.
   */
  void start(GroupNodes group) {
    NodeState node;
    try {
      node = delivery.select(group);
    } catch (Throwable e) {
      share.places().leave();
      outcome.failUnexpectedly(e);
      return;
    }
    start(group, node);
  }

  /** Starts the attempt on a node that was selected, and again after a wait for a first request. */
  private void start(GroupNodes group, NodeState node) {
    try {
      Instant now = context.scheduler().now();
      if (outdated == null && context.protocol().isAuthenticated(now)) {
        exchange(group, node, now);
      } else {
        authenticate(group, node);
      }
    } catch (Throwable e) {
      // Only the protocol throws here, and before anything was sent.
      abandon(node);
      outcome.failUnexpectedly(e);
    }
  }

  /** Ends an attempt that sent nothing. */
  private void abandon(NodeState node) {
    context.table().unused(node);
    share.places().leave();
  }

  /** Gets credentials on the place of the attempt, which then goes on to the same node. */
  private void authenticate(GroupNodes group, NodeState node) {
    DeadlineGuard guard = outcome.guard();
    long startNanos = context.scheduler().nanoTime();
    context
        .protocol()
        .authenticate(node.node(), Optional.ofNullable(outdated), context.transport())
        .whenComplete(
            (verdict, error) -> {
              boolean goesOn = outcome.goesOn(guard);
              if (goesOn && verdict instanceof Verdict.Accepted) {
                authenticated(group, node);
                return;
              }
              abandon(node);
              if (goesOn) {
                Duration taken = Duration.ofNanos(context.scheduler().nanoTime() - startNanos);
                outcome.guarded(
                    () -> unauthenticated(group, node, taken, verdict, Futures.unwrap(error)));
              }
            });
    guard.closeAtDeadline();
  }

  /**
   * Goes on to the same node with the new credentials. The next exchange alone remembers whether
   * they replace refused ones, because a second refusal is then final, unless another delivery has
   * renewed them since.
   */
  private void authenticated(GroupNodes group, NodeState node) {
    outdated = null;
    renewed = unauthorized;
    unauthorized = false;
    try {
      exchange(group, node, context.scheduler().now());
    } catch (Throwable e) {
      abandon(node);
      outcome.failUnexpectedly(e);
    }
  }

  /**
   * Adds the failed authentication to the history, where it counts as an attempt, and lets the
   * delivery decide.
   */
  private void unauthenticated(
      GroupNodes group,
      NodeState node,
      Duration taken,
      @Nullable Verdict response,
      @Nullable Throwable error) {
    Verdict verdict = SendExceptions.ofAuthentication(response, error);
    outcome.add(
        Attempt.of(
            node.address(), taken, SendExceptions.outcomeOfAuthentication(error), verdict.code()));
    delivery.unauthenticated(group, node.node(), verdict, error);
  }

  /**
   * Makes the request, for this node and this moment, and sends it: alone where the server sets
   * something up by it, otherwise side by side with others.
   */
  private void exchange(GroupNodes group, NodeState node, Instant now) {
    Request request = context.protocol().request(payload, node.node(), now);
    FirstUse use = context.protocol().firstUse(request).orElse(null);
    if (use == null || context.firstRequests().isKnown(use)) {
      exchange(group, node, request, accepted -> {});
    } else {
      exchangeAlone(group, node, request, use);
    }
  }

  /**
   * Sends the first request of its kind, or waits while another delivery does. The wait keeps the
   * place of the attempt, and the attempt then starts over: credentials may have expired meanwhile.
   */
  private void exchangeAlone(GroupNodes group, NodeState node, Request request, FirstUse use) {
    DeadlineGuard guard = outcome.guard();
    boolean alone = context.firstRequests().enter(use, () -> resume(guard, group, node));
    if (!alone) {
      guard.closeAtDeadline();
      return;
    }
    try {
      exchange(group, node, request, accepted -> context.firstRequests().ended(use, accepted));
    } catch (Throwable e) {
      context.firstRequests().ended(use, false);
      throw e;
    }
  }

  /** Starts the attempt over after its wait, or gives up its place at the deadline. */
  private void resume(DeadlineGuard guard, GroupNodes group, NodeState node) {
    if (outcome.goesOn(guard)) {
      start(group, node);
    } else {
      abandon(node);
    }
  }

  /**
   * Sends the request. From here on exactly one call of {@link #end} gives the place back, however
   * the exchange ends. A transport that throws counts as a lost connection, because part of the
   * request may have left.
   */
  private void exchange(
      GroupNodes group, NodeState node, Request request, Consumer<Boolean> ended) {
    InFlightAttempt attempt =
        new InFlightAttempt(node, request, context.protocol(), context.scheduler(), renewed);
    renewed = false;
    CompletableFuture<Response> response;
    try {
      response =
          delivery.callerCanExchange()
              ? context.transport().executeHere(request, attempt::accepts, deadline.timeLeft())
              : context.transport().execute(request, attempt::accepts, deadline.timeLeft());
    } catch (Throwable e) {
      // Part of the request may have left before the transport threw.
      response = CompletableFuture.failedFuture(ExchangeFailures.lost(request.origin(), e));
    }
    response.whenComplete(
        (received, error) -> {
          try {
            classify(group, attempt, received, Futures.unwrap(error));
          } catch (Throwable e) {
            outcome.failUnexpectedly(e);
          } finally {
            end(attempt, ended);
          }
        });
  }

  /**
   * Turns the end of the exchange into a verdict and a line of the history. The node counts the
   * attempt as ended before the delivery goes on, which may select a node again at once.
   */
  private void classify(
      GroupNodes group,
      InFlightAttempt attempt,
      @Nullable Response response,
      @Nullable Throwable error) {
    Throwable failure = attempt.failure(response, error);
    Verdict verdict = attempt.end(failure == null ? response : null, failure);
    outcome.add(attempt.attempt(verdict, failure));
    context.table().attempted(attempt.state());
    delivery.conclude(group, attempt, verdict, failure);
  }

  /** Gives the place back after the delivery has gone on, and lets the next first request go. */
  private void end(InFlightAttempt attempt, Consumer<Boolean> ended) {
    try {
      share.places().leave();
    } finally {
      ended.accept(attempt.isAccepted());
    }
  }
}
