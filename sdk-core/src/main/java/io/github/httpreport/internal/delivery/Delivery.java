package io.github.httpreport.internal.delivery;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.RetryPolicy.UnknownOutcome;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.SendException;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.concurrent.Futures;
import io.github.httpreport.internal.node.GroupNodes;
import io.github.httpreport.internal.node.NodeDirectory;
import io.github.httpreport.internal.node.NodeState;
import io.github.httpreport.internal.node.NodeTable.Blame;
import io.github.httpreport.internal.share.GroupShare;
import io.github.httpreport.internal.transport.ExchangeFailures;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.protocol.FirstUse;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One encoded batch on its way to a node: every attempt, every wait, and the end. Its steps follow
 * each other on whichever thread brings the next event, never on two at a time.
 */
public final class Delivery {

  private static final String REFUSES_ALONE = "it rejected what another node takes";

  private final DeliveryContext line;
  private final Payload payload;
  private final BatchCompletion receipt;
  private final BatchCompletion.Piece piece;
  private final Destination destination;
  private final GroupShare share;
  private final long startNanos;
  private @Nullable Thread waiter;
  private List<Attempt> attempts;
  private Set<Node> tried = Set.of();
  private RetrySchedule.@Nullable Course course;
  private String lastReason = "";
  private @Nullable RejectionQuorum quorum;

  /** The request whose credentials are to be replaced before the next attempt. */
  private @Nullable Request refused;

  /** Whether the server has refused those, and not only failed to answer. */
  private boolean unauthorized;

  /** Whether the attempt under way bears what was asked for after a refusal. */
  private boolean renewed;

  /** The delivery of a whole batch. */
  public Delivery(DeliveryContext line, Payload payload, BatchCompletion receipt) {
    this(line, payload, receipt, new BatchCompletion.Piece(0, payload.messageCount()), null);
  }

  private Delivery(
      DeliveryContext line,
      Payload payload,
      BatchCompletion receipt,
      BatchCompletion.Piece piece,
      @Nullable Delivery whole) {
    this.line = line;
    this.payload = payload;
    this.receipt = receipt;
    this.piece = piece;
    destination = payload.destination();
    share = whole == null ? line.groups().of(destination.groupId()) : whole.share;
    startNanos = whole == null ? line.timer().nanoTime() : whole.startNanos;
    attempts = whole == null ? List.of() : whole.attempts;
    // The pieces of a batch go side by side.
    waiter = whole == null ? receipt.waiter() : null;
  }

  /** Starts. Returns at once, for a caller that waits after its first exchange. */
  public void start() {
    guarded(
        () -> {
          line.groups().used(share, startNanos);
          share.budget().firstAttempt();
        });
    locate();
  }

  private void locate() {
    guarded(this::findNodes);
  }

  /** Finds the nodes of the group, which takes a while only on its first use. */
  private void findNodes() {
    CompletableFuture<GroupNodes> nodes = line.directory().nodes(destination.groupId());
    boolean known =
        callerCanExchange()
            ? isKnownWithin(nodes, nanosLeft())
            : nodes.isDone() && !nodes.isCompletedExceptionally();
    if (known) {
      located(nodes.join(), null);
      return;
    }
    DeadlineGuard gate = gate();
    nodes.whenComplete(
        (group, error) ->
            guarded(
                () -> {
                  if (gate.pass()) {
                    located(group, Futures.unwrap(error));
                  }
                }));
    gate.closeAtDeadline();
  }

  /** Whoever is interrupted or out of time meanwhile goes on as one who does not wait. */
  private static boolean isKnownWithin(CompletableFuture<GroupNodes> nodes, long nanos) {
    try {
      nodes.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private void located(GroupNodes group, @Nullable Throwable error) {
    guarded(
        () -> {
          if (error == null) {
            fitAndEnter(group);
          } else {
            nodesUnknown(error);
          }
        });
  }

  /** Cuts what is over the limit of the cluster, then waits for its turn. */
  private void fitAndEnter(GroupNodes group) {
    if (!line.limits().fits(payload)) {
      splitBeforeSending();
      return;
    }
    if (nanosLeft() > 0 && !receipt.isSettled() && share.places().tryEnter()) {
      attempt(group);
    } else {
      waitForPlace(group);
    }
  }

  private void waitForPlace(GroupNodes group) {
    // Whichever thread lets it in must not be held up by an exchange.
    waiter = null;
    DeadlineGuard gate = gate();
    Runnable entrance =
        () -> {
          if (goesOn(gate)) {
            attempt(group);
          } else {
            share.places().leave();
          }
        };
    share.places().enter(entrance);
    gate.closeAtDeadline(() -> share.places().withdraw(entrance));
  }

  /** Whether a delivery that waited has still something to do. Throws nothing: a place is held. */
  private boolean goesOn(DeadlineGuard gate) {
    try {
      return gate.pass() && !receipt.isSettled();
    } catch (Throwable e) {
      fail(SendExceptions.unexpected(subject(), e));
      return false;
    }
  }

  /** The heart of the line: select a node, exchange, classify; then complete or try again. */
  private void attempt(GroupNodes group) {
    NodeState node;
    try {
      node = select(group);
    } catch (Throwable e) {
      share.places().leave();
      fail(SendExceptions.unexpected(subject(), e));
      return;
    }
    unlessItThrows(
        node,
        () -> {
          prepare(group, node);
        });
  }

  private void prepare(GroupNodes group, NodeState node) {
    Instant now = line.timer().now();
    if (refused == null && line.protocol().isAuthenticated(now)) {
      exchange(group, node, now);
    } else {
      authenticate(group, node);
    }
  }

  private NodeState select(GroupNodes group) {
    if (quorum == null) {
      return line.table().select(group, destination, tried);
    }
    quorum.beginAttempt(destination);
    return line.table().selectUntried(group, destination, tried);
  }

  /** Does what comes before an exchange; where a protocol throws there, nothing was sent. */
  private void unlessItThrows(NodeState node, Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      line.table().unused(node);
      share.places().leave();
      fail(SendExceptions.unexpected(subject(), e));
    }
  }

  private void exchange(GroupNodes group, NodeState node, Instant now) {
    Request request = line.protocol().request(payload, node.node(), now);
    FirstUse use = line.protocol().firstUse(request).orElse(null);
    if (use == null || line.firstRequests().isKnown(use)) {
      exchange(group, node, request, accepted -> {});
    } else {
      exchangeAlone(group, node, request, use);
    }
  }

  /** Waits on the place of the attempt, as for credentials, and then asks for both again. */
  private void exchangeAlone(GroupNodes group, NodeState node, Request request, FirstUse use) {
    DeadlineGuard gate = gate();
    boolean alone =
        line.firstRequests()
            .enter(
                use,
                () -> {
                  if (goesOn(gate)) {
                    unlessItThrows(node, () -> prepare(group, node));
                  } else {
                    line.table().unused(node);
                    share.places().leave();
                  }
                });
    if (!alone) {
      gate.closeAtDeadline();
      return;
    }
    try {
      exchange(group, node, request, accepted -> line.firstRequests().ended(use, accepted));
    } catch (Throwable e) {
      line.firstRequests().ended(use, false);
      throw e;
    }
  }

  private void exchange(
      GroupNodes group, NodeState node, Request request, Consumer<Boolean> ended) {
    InFlightAttempt pending = new InFlightAttempt(node, request, line.protocol(), line.timer());
    CompletableFuture<Response> answer;
    try {
      answer = answer(request, pending);
    } catch (Throwable e) {
      // Part of it may have left before the transport threw.
      answer = CompletableFuture.failedFuture(ExchangeFailures.lost(request.origin(), e));
    }
    answer.whenComplete(
        (response, error) -> {
          Throwable failure = pending.failure(response, Futures.unwrap(error));
          try {
            guarded(() -> conclude(group, pending, failure == null ? response : null, failure));
          } finally {
            try {
              share.places().leave();
            } finally {
              ended.accept(pending.isAccepted());
            }
          }
        });
  }

  /**
   * A caller that waits does the first exchange itself, which saves the hops to the I/O thread and
   * back. What follows a failure is not worth that: it waits, and comes on another thread.
   */
  private boolean callerCanExchange() {
    return attempts.isEmpty() && Thread.currentThread() == waiter;
  }

  private CompletableFuture<Response> answer(Request request, InFlightAttempt pending) {
    return callerCanExchange()
        ? line.transport().executeHere(request, pending::accepts, timeLeft())
        : line.transport().execute(request, pending::accepts, timeLeft());
  }

  /** Gets credentials on the place of the attempt, which then goes on to the same node. */
  private void authenticate(GroupNodes group, NodeState node) {
    DeadlineGuard gate = gate();
    long askedNanos = line.timer().nanoTime();
    line.protocol()
        .authenticate(node.node(), Optional.ofNullable(refused), line.transport())
        .whenComplete(
            (verdict, error) -> {
              boolean goesOn = goesOn(gate);
              if (goesOn && verdict instanceof Verdict.Accepted) {
                refused = null;
                renewed = unauthorized;
                unauthorized = false;
                unlessItThrows(node, () -> exchange(group, node, line.timer().now()));
                return;
              }
              line.table().unused(node);
              share.places().leave();
              if (goesOn) {
                Duration taken = Duration.ofNanos(line.timer().nanoTime() - askedNanos);
                guarded(() -> unauthenticated(group, node, taken, verdict, Futures.unwrap(error)));
              }
            });
    gate.closeAtDeadline();
  }

  /** Credentials are shared, so the node that could not give any is not always this one's fault. */
  private void unauthenticated(
      GroupNodes group,
      NodeState node,
      Duration taken,
      @Nullable Verdict answer,
      @Nullable Throwable error) {
    Verdict verdict = SendExceptions.ofAuthentication(answer, error);
    Attempt attempt =
        Attempt.of(
            node.address(), taken, SendExceptions.outcomeOfAuthentication(error), verdict.code());
    note(attempt);
    if (verdict instanceof Verdict.Retry retry) {
      lastReason = retry.reason();
      share.places().failed();
      elsewhere(group, node.node(), retry, error);
    } else {
      fail(SendExceptions.unauthenticated(subject(), verdict, error));
    }
  }

  private void conclude(
      GroupNodes group,
      InFlightAttempt pending,
      @Nullable Response response,
      @Nullable Throwable error) {
    Verdict verdict = pending.end(response, error);
    note(pending.attempt(verdict, error));
    line.table().attempted(pending.state());
    if (verdict instanceof Verdict.Accepted accepted) {
      complete(group, pending, accepted);
    } else if (verdict instanceof Verdict.Retry retry) {
      retry(group, pending, retry, error);
    } else if (verdict instanceof Verdict.Reauthenticate reauthenticate) {
      reauthenticate(group, pending, reauthenticate);
    } else {
      refused(group, pending, verdict);
    }
  }

  private void note(Attempt attempt) {
    attempts =
        attempts.isEmpty()
            ? List.of(attempt)
            : Stream.concat(attempts.stream(), Stream.of(attempt)).toList();
    line.metrics().attempted(destination, attempt);
  }

  private void complete(GroupNodes group, InFlightAttempt pending, Verdict.Accepted accepted) {
    answered(pending);
    line.acks().acknowledged(destination, payload.size(), pending.startNanos());
    line.limits().acknowledged(destination, payload.size());
    if (quorum != null) {
      quorum.overruledBy(
          pending.state(), node -> failed(group, node, Blame.REFUSING, REFUSES_ALONE));
    }
    if (attempts.size() > 1) {
      share.budget().retrySucceeded();
    }
    boolean possibleDuplicate = SendExceptions.mayHaveBeenStored(attempts);
    SendResult result =
        SendResult.builder()
            .node(pending.state().address())
            .messageCount(payload.messageCount())
            .attempts(attempts)
            .possibleDuplicate(possibleDuplicate)
            .messageIds(idsOf(accepted))
            .build();
    receipt.sent(
        piece, result, () -> line.metrics().sent(destination, payload.messageCount(), elapsed()));
  }

  /** A server that does not name one id for each message has named none. */
  private List<String> idsOf(Verdict.Accepted accepted) {
    List<String> ids = accepted.messageIds();
    return ids.size() == payload.messageCount() ? ids : List.of();
  }

  private void retry(
      GroupNodes group, InFlightAttempt pending, Verdict.Retry verdict, @Nullable Throwable error) {
    lastReason = quorum == null ? verdict.reason() : quorum.reason(verdict);
    renewed = false;
    if (isTimeout(error) && line.protocol().renewsCredentialsAfter(pending.request())) {
      refused = pending.request();
    }
    if (verdict.nodeIsWell()) {
      answered(pending);
    } else {
      holdAgainst(group, pending, blame(error));
    }
    if (verdict.mayHaveBeenStored() && line.policy().unknownOutcome() == UnknownOutcome.FAIL) {
      fail(SendExceptions.exhausted(subject(), verdict, error));
      return;
    }
    elsewhere(group, pending.node(), verdict, error);
  }

  private static boolean isTimeout(@Nullable Throwable error) {
    return error instanceof ExchangeException e && e.kind() == ExchangeException.Kind.TIMED_OUT;
  }

  private void holdAgainst(GroupNodes group, InFlightAttempt pending, Blame blame) {
    if (blame != Blame.NONE) {
      share.places().failed();
    }
    if (blame == Blame.SLOW) {
      pending.state().answered(pending.nanos());
    }
    failed(group, pending.state(), blame, lastReason);
  }

  private void failed(GroupNodes group, NodeState node, Blame blame, String why) {
    if (line.table().failed(group, node, blame, why)) {
      line.directory().refreshEarly(destination.groupId());
    }
  }

  /** A rejection, or a request too large: tries elsewhere or later what may be taken there. */
  private void refused(GroupNodes group, InFlightAttempt pending, Verdict verdict) {
    renewed = false;
    share.places().answered(pending.nanos(), pending.endNanos());
    line.table().unused(pending.state());
    RejectionQuorum votes =
        quorum == null
            ? new RejectionQuorum(line.acks(), line.limits(), line.timer().nanoTime())
            : quorum;
    quorum = votes;
    lastReason = SendExceptions.refusal(subject(), verdict);
    votes.add(group, pending.state(), verdict.code(), lastReason, pending.nanos());
    RejectionQuorum.Next next = votes.next(payload, verdict);
    boolean atOnce = next == RejectionQuorum.Next.ANOTHER_NODE && votes.hasAnother(group, tried);
    Duration wait =
        next == RejectionQuorum.Next.FINAL
            ? null
            : waitAfter(new AttemptFailure(atOnce, Optional.empty()));
    if (wait == null) {
      votes.exonerate(line.table());
      finallyRefused(pending, verdict);
      return;
    }
    tried = atOnce ? with(tried, pending.node()) : votes.avoided(group);
    againAfter(wait);
  }

  private void finallyRefused(InFlightAttempt pending, Verdict verdict) {
    if (verdict instanceof Verdict.Split split) {
      splitAfterRefusal(pending, split);
    } else if (verdict instanceof Verdict.Rejected rejected) {
      fail(SendExceptions.rejected(subject(), rejected));
    }
  }

  private static Set<Node> with(Set<Node> nodes, Node another) {
    Set<Node> more = new HashSet<>(nodes);
    more.add(another);
    return more;
  }

  /** Tries again: at another node at once, if there is one left. */
  private void elsewhere(
      GroupNodes group, Node node, Verdict.Retry verdict, @Nullable Throwable error) {
    tried = with(tried, node);
    boolean anotherNode = line.table().hasUntried(group, tried);
    if (!anotherNode) {
      tried = quorum == null ? Set.of() : quorum.avoided(group);
    }
    Duration wait = waitAfter(new AttemptFailure(anotherNode, verdict.retryAfter()));
    if (wait != null) {
      againAfter(wait);
    } else if (quorum == null) {
      fail(SendExceptions.exhausted(subject(), verdict, error));
    } else {
      fail(SendExceptions.unconfirmed(subject(), quorum.code(), quorum.reason(verdict), error));
    }
  }

  /** A connection that only the deadline cut off says little of the node. */
  private Blame blame(@Nullable Throwable error) {
    Blame blame = SendExceptions.blame(error);
    boolean cutOff = blame == Blame.ABSENT && nanosLeft() <= 0;
    return cutOff ? Blame.SLOW : blame;
  }

  private void nodesUnknown(Throwable error) {
    lastReason = String.valueOf(error.getMessage());
    share.places().failed();
    boolean definite =
        error instanceof NodeSourceException e && e.kind() != NodeSourceException.Kind.UNAVAILABLE;
    Duration wait = definite ? null : waitAfter(new AttemptFailure(false, Optional.empty()));
    if (wait == null) {
      fail(SendExceptions.nodesUnknown(subject(), error));
    } else {
      // Sends nothing to a node, so the budget of retries has no say in it. Sooner than this, the
      // directory repeats the failure, which would use up the attempts.
      Duration least = NodeDirectory.FAILURE_IS_GOOD_FOR;
      againAfter(wait.compareTo(least) < 0 ? least : wait, () -> guarded(this::locate));
    }
  }

  /** How long to wait before the next attempt; null when there is none. */
  private @Nullable Duration waitAfter(AttemptFailure failure) {
    RetrySchedule.Course known = course == null ? line.retries().begin() : course;
    course = known;
    return known.next(failure);
  }

  private void againAfter(Duration wait) {
    againAfter(wait, this::againWhenPaid);
  }

  private void againAfter(Duration wait, Runnable step) {
    if (receipt.isSettled()) {
      return;
    }
    receipt.delayedBy(lastReason);
    Duration fitting = LastAttempt.fit(wait, timeLeft(), line.policy().deadline());
    if (fitting == null) {
      fail(timedOut());
    } else if (fitting.isZero()) {
      step.run();
    } else {
      line.timer().schedule(fitting, step);
    }
  }

  private void againWhenPaid() {
    guarded(this::spendBudgetThenLocate);
  }

  private void spendBudgetThenLocate() {
    if (share.budget().tryRetry()) {
      locate();
      return;
    }
    DeadlineGuard gate = gate();
    Runnable retry =
        () -> {
          if (goesOn(gate)) {
            locate();
          }
        };
    share.budget().await(retry);
    gate.closeAtDeadline(() -> share.budget().withdraw(retry));
  }

  /**
   * A second refusal in a row is final where it is one of credentials that this delivery asked for
   * after the first, and not of older ones that were on their way while others renewed them.
   */
  private void reauthenticate(
      GroupNodes group, InFlightAttempt pending, Verdict.Reauthenticate verdict) {
    answered(pending);
    boolean again = renewed;
    renewed = false;
    if (!again) {
      refused = pending.request();
      unauthorized = true;
      lastReason = SendExceptions.answered(subject(), verdict.code(), verdict.reason());
      locate();
    } else if (line.protocol().isCurrent(pending.request())) {
      fail(SendExceptions.unauthenticated(subject(), verdict, null));
    } else {
      Verdict.Retry retry =
          new Verdict.Retry(verdict.code(), verdict.reason(), false, Optional.empty(), true);
      elsewhere(group, pending.node(), retry, null);
    }
  }

  private void splitAfterRefusal(InFlightAttempt pending, Verdict.Split split) {
    if (payload.messageCount() == 1) {
      fail(
          SendExceptions.tooLarge(
              subject(),
              "the message alone is too large, "
                  + payload.size()
                  + " bytes encoded: node "
                  + pending.node()
                  + " answered "
                  + split.code()));
      return;
    }
    List<Delivery> halves = halves();
    int larger = halves.stream().mapToInt(half -> half.payload.size()).max().orElseThrow();
    line.limits().refused(destination, payload.size(), larger);
    halves.forEach(Delivery::locate);
  }

  private void splitBeforeSending() {
    Optional<Integer> tooLarge = line.limits().firstTooLarge(payload);
    if (tooLarge.isPresent() && (receipt.isOne() || payload.messageCount() == 1)) {
      fail(
          SendExceptions.tooLarge(
              subject(),
              "body "
                  + (piece.from() + tooLarge.get())
                  + " alone is larger than the "
                  + line.limits().maxBytes(destination)
                  + " bytes that the server takes, encoded"));
    } else {
      halves().forEach(Delivery::locate);
    }
  }

  private List<Delivery> halves() {
    int middle = payload.messageCount() / 2;
    return List.of(part(0, middle), part(middle, payload.messageCount()));
  }

  private Delivery part(int from, int to) {
    return new Delivery(
        line,
        line.protocol().slice(payload, from, to),
        receipt,
        new BatchCompletion.Piece(piece.from() + from, piece.from() + to),
        this);
  }

  /** The node is there and answers sensibly, whatever it thinks of the request. */
  private void answered(InFlightAttempt pending) {
    share.places().answered(pending.nanos(), pending.endNanos());
    line.table().succeeded(pending.state(), pending.nanos());
  }

  private void fail(SendException error) {
    if (!isTakenOver(error)) {
      receipt.failed(
          piece, error, () -> line.metrics().failed(destination, payload.messageCount(), error));
    }
  }

  private boolean isTakenOver(SendException error) {
    try {
      return line.undelivered().take(payload, receipt, piece, error);
    } catch (Throwable e) {
      error.addSuppressed(e);
      return false;
    }
  }

  /**
   * Does a step. Whatever is thrown in it, by a protocol of the application or an {@code Error} of
   * the JVM, ends the delivery: nobody else would complete its futures.
   */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      fail(SendExceptions.unexpected(subject(), e));
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(line.timer().nanoTime() - startNanos);
  }

  private long nanosLeft() {
    return line.policy().deadline().toNanos() - (line.timer().nanoTime() - startNanos);
  }

  private Duration timeLeft() {
    return Duration.ofNanos(nanosLeft());
  }

  private DeadlineGuard gate() {
    return new DeadlineGuard(line.timer(), this::timeLeft, () -> guarded(() -> fail(timedOut())));
  }

  private SendException timedOut() {
    return SendExceptions.timedOut(subject(), elapsed(), line.policy().deadline(), lastReason);
  }

  private SendExceptions.Subject subject() {
    return new SendExceptions.Subject(destination, payload.messageCount(), attempts);
  }
}
