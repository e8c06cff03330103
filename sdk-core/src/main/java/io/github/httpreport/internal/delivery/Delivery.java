package io.github.httpreport.internal.delivery;

import io.github.httpreport.Destination;
import io.github.httpreport.RetryPolicy.UnknownOutcome;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.batch.MessageRange;
import io.github.httpreport.internal.node.GroupNodes;
import io.github.httpreport.internal.node.NodeDirectory;
import io.github.httpreport.internal.node.NodeState;
import io.github.httpreport.internal.share.GroupShare;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One encoded batch, or a part of one, from its first attempt to its end. A state machine:
 *
 * <pre>
 *   LOCATE   -> PLACE      the nodes of the group are known
 *            -> WAIT       they are not, and may be later
 *   PLACE    -> ATTEMPT    a place in flight is free, now or after a wait
 *            -> SPLIT      the batch is over the known limit of the server
 *   ATTEMPT  -> SENT       accepted ({@link AttemptRunner} authenticates, exchanges, classifies)
 *            -> LOCATE     at once, with new credentials
 *            -> WAIT       another attempt is left: a back-off, none for another node
 *            -> SPLIT      the server refused the size of several messages
 *   WAIT     -> LOCATE     the back-off is over and the retry budget pays
 *   SPLIT    -> two deliveries, each in LOCATE, with the deadline and the attempts of this one
 *   any      -> FAILED     no attempt or no time is left, the refusal is final, or a step threw
 * </pre>
 *
 * <p>The steps follow each other on the thread that brings the next event: the caller's, the I/O
 * thread, the scheduler's, or that of another delivery that leaves its place. Each step hands over
 * to the next one as its last action, so two never run at the same time and no field needs a lock.
 * A wait that may end twice, by its event or at the deadline, passes a {@link DeadlineGuard} first.
 */
public final class Delivery {

  private final DeliveryContext context;
  private final Payload payload;
  private final BatchCompletion completion;
  private final MessageRange range;
  private final Destination destination;
  private final GroupShare share;
  private final DeliveryDeadline deadline;
  private final DeliveryOutcome outcome;
  private final AttemptRunner runner;
  private final NodeLookup lookup;
  private final NodeFeedback feedback;
  private final RetryWait retryWait;

  /**
   * The caller that blocks for this delivery and may do its first exchange; null once that is past.
   */
  private @Nullable Thread waiter;

  /** Nodes that the next attempt avoids; emptied when no other healthy node is left. */
  private Set<Node> tried = Set.of();

  /** The refusals so far; null while there are none, as for almost every delivery. */
  private @Nullable RejectionQuorum quorum;

  /** The delivery of a whole batch. */
  public Delivery(DeliveryContext context, Payload payload, BatchCompletion completion) {
    this(context, payload, completion, new MessageRange(0, payload.messageCount()), null);
  }

  private Delivery(
      DeliveryContext context,
      Payload payload,
      BatchCompletion completion,
      MessageRange range,
      @Nullable Delivery whole) {
    this.context = context;
    this.payload = payload;
    this.completion = completion;
    this.range = range;
    destination = payload.destination();
    share = whole == null ? context.groups().of(destination.groupId()) : whole.share;
    deadline =
        whole == null
            ? DeliveryDeadline.startingNow(context.scheduler(), context.policy().deadline())
            : whole.deadline;
    outcome =
        new DeliveryOutcome(
            context,
            payload,
            completion,
            range,
            deadline,
            whole == null ? List.of() : whole.outcome.attempts());
    runner = new AttemptRunner(context, payload, share, this, outcome, deadline);
    lookup = new NodeLookup(context.directory(), destination.groupId(), outcome, deadline);
    feedback = new NodeFeedback(context, share, destination, deadline);
    retryWait = new RetryWait(context, outcome, deadline);
    // The parts of a batch are delivered at the same time, which one thread cannot do.
    waiter = whole == null ? completion.waiter() : null;
  }

  /** Starts. Does not block, except for a caller that waits: it does the first exchange itself. */
  public void start() {
    try {
      outcome.observeStart();
      context.groups().used(share, deadline.startNanos());
      share.budget().firstAttempt();
      lookup.find(callerCanExchange(), this::enter, this::nodesUnknown);
    } catch (Throwable e) {
      outcome.failUnexpectedly(e);
    }
  }

  /**
   * Starts the next attempt. Guarded, since it may run on a thread that has nothing to do with this
   * delivery.
   */
  private void locate() {
    outcome.guarded(() -> lookup.find(callerCanExchange(), this::enter, this::nodesUnknown));
  }

  /**
   * Waits and asks again where the source did not respond; a definite refusal of the source is
   * final, because a group does not become known by waiting.
   */
  private void nodesUnknown(Throwable error) {
    outcome.lastReason(String.valueOf(error.getMessage()));
    share.places().failed();
    boolean definite =
        error instanceof NodeSourceException e && e.kind() != NodeSourceException.Kind.UNAVAILABLE;
    Duration wait = definite ? null : retryWait.next(new AttemptFailure(false, Optional.empty()));
    if (wait == null) {
      outcome.fail(SendExceptions.nodesUnknown(outcome.subject(), error));
    } else {
      // Sends nothing to a node, so the budget of retries does not apply. Sooner than this, the
      // directory repeats the failure, which would use up the attempts.
      Duration least = NodeDirectory.FAILURE_IS_GOOD_FOR;
      retryWait.begin(wait.compareTo(least) < 0 ? least : wait, this::locate);
    }
  }

  /** Cuts what is over the limit of the cluster, then takes a place in flight. */
  private void enter(GroupNodes group) {
    if (!context.limits().fits(payload)) {
      splitBeforeSending();
    } else if (deadline.nanosLeft() > 0 && !outcome.isClaimed() && share.places().tryEnter()) {
      runner.start(group);
    } else {
      waitForPlace(group);
    }
  }

  /**
   * Queues the delivery for a place in flight, without a thread. The place comes with the call of
   * the entrance, so a delivery that is over by then gives it back.
   */
  private void waitForPlace(GroupNodes group) {
    // The thread that frees the place must not be held up by an exchange.
    waiter = null;
    DeadlineGuard guard = outcome.guard();
    Runnable entrance =
        () -> {
          if (outcome.goesOn(guard)) {
            runner.start(group);
          } else {
            share.places().leave();
          }
        };
    share.places().enter(entrance);
    guard.closeAtDeadline(() -> share.places().withdraw(entrance));
  }

  /** Selects the node of the next attempt. */
  NodeState select(GroupNodes group) {
    if (quorum == null) {
      return context.table().select(group, destination, tried);
    }
    quorum.beginAttempt(destination);
    return context.table().selectUntried(group, destination, tried);
  }

  /**
   * Whether this thread is the caller's, in its first exchange, which it does itself: that saves
   * the hops to the I/O thread and back. A retry has waited already and takes another thread.
   */
  boolean callerCanExchange() {
    return outcome.attempts().isEmpty() && Thread.currentThread() == waiter;
  }

  /** Goes on after an exchange. The attempt still holds its place. */
  void conclude(
      GroupNodes group, InFlightAttempt attempt, Verdict verdict, @Nullable Throwable error) {
    if (verdict instanceof Verdict.Accepted accepted) {
      complete(group, attempt, accepted);
    } else if (verdict instanceof Verdict.Retry retry) {
      retry(group, attempt, retry, error);
    } else if (verdict instanceof Verdict.Reauthenticate reauthenticate) {
      reauthenticate(group, attempt, reauthenticate);
    } else {
      refused(group, attempt, verdict);
    }
  }

  private void complete(GroupNodes group, InFlightAttempt attempt, Verdict.Accepted accepted) {
    feedback.healthy(attempt);
    context.acks().acknowledged(destination, payload.size(), attempt.startNanos());
    context.limits().acknowledged(destination, payload.size());
    // Other nodes refused these messages, and this one accepts them: the refusals were their own
    // fault.
    if (quorum != null) {
      quorum.overruledBy(attempt.state(), node -> feedback.overruled(group, node));
    }
    if (outcome.attempts().size() > 1) {
      share.budget().retrySucceeded();
    }
    outcome.sent(attempt.state().address(), accepted);
  }

  /**
   * Records the failure, and then decides. A policy without duplicates ends the delivery here where
   * the server may have stored the messages.
   */
  private void retry(
      GroupNodes group, InFlightAttempt attempt, Verdict.Retry verdict, @Nullable Throwable error) {
    outcome.lastReason(quorum == null ? verdict.reason() : quorum.reason(verdict));
    if (isTimeout(error) && context.protocol().renewsCredentialsAfter(attempt.request())) {
      runner.renewCredentials(attempt.request());
    }
    if (verdict.isNodeHealthy()) {
      feedback.healthy(attempt);
    } else {
      feedback.failed(group, attempt, error, outcome.lastReason());
    }
    if (verdict.mayHaveBeenStored() && context.policy().unknownOutcome() == UnknownOutcome.FAIL) {
      outcome.fail(SendExceptions.exhausted(outcome.subject(), verdict, error));
      return;
    }
    retryOnAnotherNode(group, attempt.node(), verdict, error);
  }

  private static boolean isTimeout(@Nullable Throwable error) {
    return error instanceof ExchangeException e && e.kind() == ExchangeException.Kind.TIMED_OUT;
  }

  /** Tries again: at another node at once, if there is one left. */
  private void retryOnAnotherNode(
      GroupNodes group, Node node, Verdict.Retry verdict, @Nullable Throwable error) {
    tried = with(tried, node);
    boolean anotherNode = context.table().hasUntried(group, tried);
    if (!anotherNode) {
      tried = quorum == null ? Set.of() : quorum.avoided(group);
    }
    Duration wait = retryWait.next(new AttemptFailure(anotherNode, verdict.retryAfter()));
    if (wait != null) {
      retryWithinBudget(wait);
    } else if (quorum == null) {
      outcome.fail(SendExceptions.exhausted(outcome.subject(), verdict, error));
    } else {
      outcome.fail(
          SendExceptions.unconfirmed(
              outcome.subject(), quorum.code(), quorum.reason(verdict), error));
    }
  }

  private static Set<Node> with(Set<Node> nodes, Node another) {
    Set<Node> more = new HashSet<>(nodes);
    more.add(another);
    return more;
  }

  /** Credentials are shared, so the node that could not give any is not always at fault. */
  void unauthenticated(GroupNodes group, Node node, Verdict verdict, @Nullable Throwable error) {
    if (verdict instanceof Verdict.Retry retry) {
      outcome.lastReason(retry.reason());
      share.places().failed();
      retryOnAnotherNode(group, node, retry, error);
    } else {
      outcome.fail(SendExceptions.unauthenticated(outcome.subject(), verdict, error));
    }
  }

  /**
   * Asks for new credentials once. A second refusal in a row is final if it is one of credentials
   * that this delivery requested after the first. It is not if another delivery renewed them while
   * this request, with the older ones, was in flight.
   */
  private void reauthenticate(
      GroupNodes group, InFlightAttempt attempt, Verdict.Reauthenticate verdict) {
    feedback.healthy(attempt);
    if (!attempt.hasRenewedCredentials()) {
      runner.renewRefusedCredentials(attempt.request());
      outcome.lastReason(
          SendExceptions.responded(outcome.subject(), verdict.code(), verdict.reason()));
      locate();
    } else if (context.protocol().isCurrent(attempt.request())) {
      outcome.fail(SendExceptions.unauthenticated(outcome.subject(), verdict, null));
    } else {
      Verdict.Retry retry = Verdict.Retry.of(verdict.code(), verdict.reason()).nodeHealthy();
      retryOnAnotherNode(group, attempt.node(), retry, null);
    }
  }

  /** A rejection, or a request too large: another node or a later moment may accept it. */
  private void refused(GroupNodes group, InFlightAttempt attempt, Verdict verdict) {
    feedback.refused(attempt);
    RejectionQuorum votes = quorum == null ? newQuorum() : quorum;
    quorum = votes;
    outcome.lastReason(SendExceptions.refusal(outcome.subject(), verdict));
    votes.add(group, attempt.state(), verdict.code(), outcome.lastReason(), attempt.nanos());
    RejectionQuorum.Next next = votes.next(payload, verdict);
    boolean atOnce = next == RejectionQuorum.Next.ANOTHER_NODE && votes.hasAnother(group, tried);
    Duration wait =
        next == RejectionQuorum.Next.FINAL
            ? null
            : retryWait.next(new AttemptFailure(atOnce, Optional.empty()));
    if (wait == null) {
      votes.exonerate(context.table());
      finallyRefused(attempt, verdict);
      return;
    }
    tried = atOnce ? with(tried, attempt.node()) : votes.avoided(group);
    retryWithinBudget(wait);
  }

  private RejectionQuorum newQuorum() {
    return new RejectionQuorum(context.acks(), context.limits(), context.scheduler().nanoTime());
  }

  private void finallyRefused(InFlightAttempt attempt, Verdict verdict) {
    if (verdict instanceof Verdict.Split split) {
      splitAfterRefusal(attempt, split);
    } else if (verdict instanceof Verdict.Rejected rejected) {
      outcome.fail(SendExceptions.rejected(outcome.subject(), rejected));
    }
  }

  /**
   * Halves a batch that a node refused for its size; the next batches of the destination are no
   * larger than the larger half.
   */
  private void splitAfterRefusal(InFlightAttempt attempt, Verdict.Split split) {
    if (payload.messageCount() == 1) {
      outcome.fail(
          SendExceptions.refusedSize(
              outcome.subject(), payload.size(), attempt.node(), split.code()));
      return;
    }
    List<Delivery> halves = halves();
    int larger = halves.stream().mapToInt(half -> half.payload.size()).max().orElseThrow();
    context.limits().refused(destination, payload.size(), larger);
    halves.forEach(Delivery::locate);
  }

  /**
   * Halves a batch that is over a known limit, such as a long list of {@code send}. A message that
   * alone is over it fails, with the whole batch where that completes as one.
   */
  private void splitBeforeSending() {
    Optional<Integer> tooLarge = context.limits().firstTooLarge(payload);
    if (tooLarge.isPresent() && (completion.isOne() || payload.messageCount() == 1)) {
      long maxBytes = context.limits().maxBytes(destination);
      outcome.fail(
          SendExceptions.overLimit(outcome.subject(), range.from() + tooLarge.get(), maxBytes));
    } else {
      halves().forEach(Delivery::locate);
    }
  }

  private List<Delivery> halves() {
    int middle = payload.messageCount() / 2;
    return List.of(part(0, middle), part(middle, payload.messageCount()));
  }

  /**
   * The delivery of some of the messages. It shares deadline, share and history with this one,
   * which ends here.
   */
  private Delivery part(int from, int to) {
    return new Delivery(
        context,
        context.protocol().slice(payload, from, to),
        completion,
        new MessageRange(range.from() + from, range.from() + to),
        this);
  }

  private void retryWithinBudget(Duration wait) {
    retryWait.begin(wait, () -> retryWait.withinBudget(share.budget(), this::locate));
  }
}
