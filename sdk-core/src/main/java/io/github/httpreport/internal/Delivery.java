package io.github.httpreport.internal;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.RetryPolicy.UnknownOutcome;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.SendException;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.NodeTable.Blame;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One encoded batch on its way to a node: every attempt, every wait, and the end. Its steps follow
 * each other on whichever thread brings the next event, never on two at a time.
 */
final class Delivery {

  private static final Duration LONGEST_WAIT_FOR_BUDGET = Duration.ofSeconds(1);

  private final Line line;
  private final Payload payload;
  private final Receipt receipt;
  private final Receipt.Piece piece;
  private final Destination destination;
  private final long startNanos;
  private final Retries.Course course;
  private final List<Attempt> attempts;
  private final Set<Node> tried = new HashSet<>(0);
  private String lastReason = "";
  private boolean reauthenticated;

  /** The delivery of a whole batch. */
  Delivery(Line line, Payload payload, Receipt receipt) {
    this(line, payload, receipt, new Receipt.Piece(0, payload.messageCount()), null);
  }

  private Delivery(
      Line line, Payload payload, Receipt receipt, Receipt.Piece piece, @Nullable Delivery whole) {
    this.line = line;
    this.payload = payload;
    this.receipt = receipt;
    this.piece = piece;
    destination = payload.destination();
    startNanos = whole == null ? line.timer().nanoTime() : whole.startNanos;
    attempts = whole == null ? new ArrayList<>(1) : new ArrayList<>(whole.attempts);
    course = line.retries().begin();
  }

  /** Starts. Returns at once; the receipt tells the end. */
  void start() {
    line.budget().firstAttempt();
    locate();
  }

  /** Finds the nodes of the group, which takes a while only on its first use. */
  private void locate() {
    CompletableFuture<GroupNodes> nodes = line.directory().nodes(destination.groupId());
    if (nodes.isDone() && !nodes.isCompletedExceptionally()) {
      located(nodes.join(), null);
      return;
    }
    DeadlineGate gate = new DeadlineGate();
    nodes.whenComplete(
        (group, error) -> {
          if (gate.pass()) {
            located(group, unwrapped(error));
          }
        });
    gate.closeAtDeadline();
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
    if (!fits()) {
      splitBeforeSending();
      return;
    }
    DeadlineGate gate = new DeadlineGate();
    line.inFlight()
        .enter(
            () -> {
              if (gate.pass() && !receipt.isSettled()) {
                attempt(group);
              } else {
                line.inFlight().leave();
              }
            });
    gate.closeAtDeadline();
  }

  /** The heart of the line: select a node, exchange, classify; then complete or try again. */
  private void attempt(GroupNodes group) {
    Inquiry inquiry;
    try {
      inquiry = inquire(line.table().select(group, destination, tried));
    } catch (RuntimeException e) {
      line.inFlight().leave();
      fail(Failures.unexpected(subject(), e));
      return;
    }
    inquiry
        .execute()
        .whenComplete(
            (response, error) -> {
              guarded(() -> conclude(group, inquiry, response, unwrapped(error)));
              line.inFlight().leave();
            });
  }

  private Inquiry inquire(NodeState node) {
    try {
      return new Inquiry(node, line.protocol().request(payload, node.node(), line.timer().now()));
    } catch (RuntimeException e) {
      line.table().unused(node);
      throw e;
    }
  }

  private void conclude(
      GroupNodes group, Inquiry inquiry, @Nullable Response response, @Nullable Throwable error) {
    Verdict verdict = inquiry.end(response, error);
    if (verdict instanceof Verdict.Accepted) {
      complete(inquiry);
    } else if (verdict instanceof Verdict.Retry retry) {
      retry(group, inquiry, retry, error);
    } else if (verdict instanceof Verdict.Split split) {
      splitAfterRefusal(inquiry, split);
    } else if (verdict instanceof Verdict.Reauthenticate refused) {
      reauthenticate(inquiry, refused);
    } else if (verdict instanceof Verdict.Rejected rejected) {
      answered(inquiry);
      fail(Failures.rejected(subject(), rejected));
    }
  }

  private void complete(Inquiry inquiry) {
    answered(inquiry);
    if (attempts.size() > 1) {
      line.budget().retrySucceeded();
    }
    boolean possibleDuplicate =
        attempts.stream().anyMatch(attempt -> attempt.outcome().mayHaveBeenStored());
    SendResult result =
        new SendResult(
            inquiry.node.node().address(),
            payload.messageCount(),
            attempts,
            possibleDuplicate,
            false);
    line.metrics().sent(destination, payload.messageCount(), elapsed());
    receipt.sent(piece, result);
  }

  private void retry(
      GroupNodes group, Inquiry inquiry, Verdict.Retry verdict, @Nullable Throwable error) {
    lastReason = verdict.reason();
    if (blame(error) == Blame.SLOW) {
      inquiry.node.answered(inquiry.nanos);
    }
    if (line.table().failed(group, inquiry.node, blame(error))) {
      line.directory().refreshEarly(destination.groupId());
    }
    if (verdict.mayHaveBeenStored() && line.policy().unknownOutcome() == UnknownOutcome.FAIL) {
      fail(Failures.exhausted(subject(), verdict, error));
      return;
    }
    tried.add(inquiry.node.node());
    boolean anotherNode = line.table().hasUntried(group, tried);
    if (!anotherNode) {
      tried.clear();
    }
    Duration wait = course.next(new AttemptFailure(anotherNode, verdict.retryAfter()));
    if (wait == null) {
      fail(Failures.exhausted(subject(), verdict, error));
    } else {
      againAfter(wait);
    }
  }

  private void nodesUnknown(Throwable error) {
    lastReason = String.valueOf(error.getMessage());
    boolean definite =
        error instanceof NodeSourceException e && e.kind() != NodeSourceException.Kind.UNAVAILABLE;
    Duration wait = definite ? null : course.next(new AttemptFailure(false, Optional.empty()));
    if (wait == null) {
      fail(Failures.nodesUnknown(subject(), error));
    } else {
      againAfter(wait);
    }
  }

  private void againAfter(Duration wait) {
    if (receipt.isSettled()) {
      return;
    }
    if (wait.compareTo(timeLeft()) >= 0) {
      fail(Failures.timedOut(subject(), line.policy().deadline(), lastReason));
    } else if (wait.isZero()) {
      againWhenPaid();
    } else {
      line.timer().schedule(wait, this::againWhenPaid);
    }
  }

  private void againWhenPaid() {
    if (line.budget().tryRetry()) {
      locate();
    } else {
      double share = line.random().getAsDouble();
      againAfter(Duration.ofNanos(1 + (long) (share * LONGEST_WAIT_FOR_BUDGET.toNanos())));
    }
  }

  private void reauthenticate(Inquiry inquiry, Verdict.Reauthenticate refused) {
    answered(inquiry);
    String why =
        "node " + inquiry.node + " answered " + refused.code() + " (" + refused.reason() + ')';
    if (reauthenticated) {
      fail(Failures.unauthenticated(subject(), why, null));
      return;
    }
    reauthenticated = true;
    lastReason = why;
    DeadlineGate gate = new DeadlineGate();
    line.protocol()
        .authenticate(inquiry.node.node(), line.transport())
        .whenComplete(
            (done, error) -> {
              if (!gate.pass()) {
                return;
              }
              if (error == null) {
                locate();
              } else {
                fail(Failures.unauthenticated(subject(), why, unwrapped(error)));
              }
            });
    gate.closeAtDeadline();
  }

  private void splitAfterRefusal(Inquiry inquiry, Verdict.Split split) {
    answered(inquiry);
    if (payload.messageCount() == 1) {
      fail(
          Failures.tooLarge(
              subject(),
              "the message alone is too large, "
                  + payload.size()
                  + " bytes encoded: node "
                  + inquiry.node
                  + " answered "
                  + split.code()));
      return;
    }
    List<Delivery> halves = halves();
    int larger = halves.stream().mapToInt(half -> half.payload.size()).max().orElseThrow();
    line.limits().refused(destination, payload.size(), larger);
    halves.forEach(Delivery::locate);
  }

  private boolean fits() {
    int messages = payload.messageCount();
    Limits limits = line.limits();
    return messages <= limits.maxMessages()
        && payload.size() <= limits.maxBytes(destination)
        // What was refused before says nothing of a message that cannot be split any more.
        && (messages == 1 || payload.size() <= limits.maxBatchBytes(destination));
  }

  private void splitBeforeSending() {
    long maxBytes = line.limits().maxBytes(destination);
    Optional<Integer> tooLarge = firstOver(maxBytes);
    if (tooLarge.isPresent() && (receipt.isOne() || payload.messageCount() == 1)) {
      fail(
          Failures.tooLarge(
              subject(),
              "body "
                  + (piece.from() + tooLarge.get())
                  + " alone is larger than the "
                  + maxBytes
                  + " bytes that the server takes, encoded"));
    } else {
      halves().forEach(Delivery::locate);
    }
  }

  private Optional<Integer> firstOver(long maxBytes) {
    int last = payload.messageCount() - 1;
    int around = payload.size() - (payload.messageEnd(last) - payload.messageStart(0, 0));
    for (int i = 0; i <= last; i++) {
      int size = payload.messageEnd(i) - payload.messageStart(i, 0);
      // The first sum counts a separator too many, so what it suspects is measured.
      if (size + around > maxBytes && line.protocol().slice(payload, i, i + 1).size() > maxBytes) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
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
        new Receipt.Piece(piece.from() + from, piece.from() + to),
        this);
  }

  /** The node is there and answers sensibly, whatever it thinks of the request. */
  private void answered(Inquiry inquiry) {
    line.table().succeeded(inquiry.node, inquiry.nanos);
  }

  private void fail(SendException error) {
    line.metrics().failed(destination, payload.messageCount(), error);
    receipt.failed(piece, error);
  }

  /** Does a step. What throws in it, such as a protocol of the application, ends the delivery. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      fail(Failures.unexpected(subject(), e));
    }
  }

  private static Blame blame(@Nullable Throwable error) {
    if (error instanceof ExchangeException e) {
      return switch (e.kind()) {
        case NOT_CONNECTED -> Blame.ABSENT;
        case TIMED_OUT -> Blame.SLOW;
        case CONNECTION_LOST -> Blame.UNWELL;
      };
    }
    return Blame.UNWELL;
  }

  private Duration elapsed() {
    return Duration.ofNanos(line.timer().nanoTime() - startNanos);
  }

  private Duration timeLeft() {
    return line.policy().deadline().minus(elapsed());
  }

  private Failures.Subject subject() {
    return new Failures.Subject(destination, payload.messageCount(), attempts);
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  /** Lets a delivery that waits for something go on once: when it comes, or at the deadline. */
  private final class DeadlineGate {
    private final AtomicBoolean passed = new AtomicBoolean();
    private volatile Timer.@Nullable Scheduled limit;

    boolean pass() {
      if (!passed.compareAndSet(false, true)) {
        return false;
      }
      cancelLimit();
      if (timeLeft().isNegative() || timeLeft().isZero()) {
        timeOut();
        return false;
      }
      return true;
    }

    /** Called after the wait began, so that one which was none costs nothing. */
    void closeAtDeadline() {
      if (!passed.get()) {
        Duration left = timeLeft();
        limit = line.timer().schedule(left.isNegative() ? Duration.ZERO : left, this::close);
        if (passed.get()) {
          cancelLimit();
        }
      }
    }

    private void cancelLimit() {
      Timer.Scheduled scheduled = limit;
      if (scheduled != null) {
        scheduled.cancel();
      }
    }

    private void close() {
      if (passed.compareAndSet(false, true)) {
        timeOut();
      }
    }

    private void timeOut() {
      fail(Failures.timedOut(subject(), line.policy().deadline(), lastReason));
    }
  }

  /** One attempt while it is under way. */
  private final class Inquiry {
    private final NodeState node;
    private final Request request;
    private final long sentNanos = line.timer().nanoTime();
    private volatile @Nullable Verdict verdict;
    private long nanos;

    Inquiry(NodeState node, Request request) {
      this.node = node;
      this.request = request;
      node.started();
    }

    CompletableFuture<Response> execute() {
      Duration left = timeLeft();
      Duration limit = left.compareTo(line.requestTimeout()) < 0 ? left : line.requestTimeout();
      return line.transport().execute(request, this::accepts, limit);
    }

    /** Asked by the transport, which keeps the connection after nothing but a success. */
    private boolean accepts(Response response) {
      Verdict known = line.protocol().classify(response);
      verdict = known;
      return known instanceof Verdict.Accepted accepted && accepted.keepConnection();
    }

    Verdict end(@Nullable Response response, @Nullable Throwable error) {
      nanos = line.timer().nanoTime() - sentNanos;
      node.ended();
      Verdict end = verdict;
      if (response == null || end == null) {
        end = Failures.verdict(error);
      }
      Attempt attempt =
          new Attempt(
              node.node().address(),
              Duration.ofNanos(nanos),
              Failures.outcome(end, error),
              end.code());
      attempts.add(attempt);
      line.metrics().attempted(destination, attempt);
      return end;
    }
  }
}
