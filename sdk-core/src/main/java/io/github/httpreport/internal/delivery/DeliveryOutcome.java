package io.github.httpreport.internal.delivery;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.batch.MessageRange;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The attempts of one delivery so far, and its end: sent, failed, or handed to the spool.
 *
 * <p>Every way to the end leads through here: a step that throws, a deadline that passes, a verdict
 * that is final. The completion of the batch counts each message once, so a second end has no
 * effect. Used by one thread at a time, like the delivery that it belongs to; only the time-out may
 * come on the scheduler's thread, after the {@link DeadlineGuard} has closed the delivery's wait.
 */
final class DeliveryOutcome {

  private final DeliveryContext context;
  private final Payload payload;
  private final BatchCompletion completion;
  private final MessageRange range;
  private final DeliveryDeadline deadline;

  /**
   * The history so far, oldest first; replaced and never changed, since exceptions and results keep
   * it.
   */
  private List<Attempt> attempts;

  /**
   * Why the messages are not delivered yet, for the text of a time-out; empty before the first
   * failure.
   */
  private String lastReason = "";

  DeliveryOutcome(
      DeliveryContext context,
      Payload payload,
      BatchCompletion completion,
      MessageRange range,
      DeliveryDeadline deadline,
      List<Attempt> attempts) {
    this.context = context;
    this.payload = payload;
    this.completion = completion;
    this.range = range;
    this.deadline = deadline;
    this.attempts = attempts;
  }

  /** Calls the observer of the batch, if there is one, on the thread that starts the delivery. */
  void observeStart() {
    completion.observeStart(payload);
  }

  /**
   * Adds an attempt that ended, and reports it at once: metrics count attempts of messages that are
   * given up later, too.
   */
  void add(Attempt attempt) {
    attempts =
        attempts.isEmpty()
            ? List.of(attempt)
            : Stream.concat(attempts.stream(), Stream.of(attempt)).toList();
    context.metrics().attempted(destination(), attempt);
    completion.observeAttempt(attempt);
  }

  List<Attempt> attempts() {
    return attempts;
  }

  /**
   * What the text of an exception names: destination, number of messages and the history so far.
   */
  SendExceptions.Subject subject() {
    return new SendExceptions.Subject(destination(), payload.messageCount(), attempts);
  }

  /** Whether every message of the batch has its end, so that nothing is left to deliver. */
  boolean isClaimed() {
    return completion.isClaimed();
  }

  /** Keeps why the messages are not delivered yet, for a time-out. */
  void lastReason(String reason) {
    lastReason = reason;
  }

  String lastReason() {
    return lastReason;
  }

  /** Notes the last reason for the report of what closing leaves behind. */
  void delayed() {
    completion.delayedBy(lastReason);
  }

  /**
   * Ends the messages as sent. A duplicate is possible where any earlier attempt may have stored
   * them.
   */
  void sent(String node, Verdict.Accepted accepted) {
    Duration elapsed = deadline.elapsed();
    SendResult result =
        SendResult.builder()
            .node(node)
            .messageCount(payload.messageCount())
            .attempts(attempts)
            .possibleDuplicate(SendExceptions.mayHaveBeenStored(attempts))
            .messageIds(idsOf(accepted))
            .build();
    completion.sent(
        range,
        result,
        () -> {
          context.metrics().sent(destination(), payload.messageCount(), elapsed);
          context.undelivered().delivered(destination().groupId());
        });
  }

  /** A list of another length cannot be assigned to messages, so it counts as no list. */
  private List<String> idsOf(Verdict.Accepted accepted) {
    List<String> ids = accepted.messageIds();
    return ids.size() == payload.messageCount() ? ids : List.of();
  }

  /** Ends the messages as failed, unless the handler of undelivered messages takes them over. */
  void fail(SendException error) {
    if (!isTakenOver(error)) {
      completion.failed(
          range,
          error,
          () -> context.metrics().failed(destination(), payload.messageCount(), error));
    }
  }

  /** Something that no step expects, such as a selector of the application that throws. */
  void failUnexpectedly(Throwable error) {
    fail(SendExceptions.unexpected(subject(), error));
  }

  /**
   * Ends the messages at the deadline. The text names the last reason, since "timed out" alone
   * names none.
   */
  void timeOut() {
    fail(
        SendExceptions.timedOut(
            subject(), deadline.elapsed(), context.policy().deadline(), lastReason));
  }

  /**
   * Offers the messages to the handler; whatever that throws, they fail here with it as a
   * suppressed exception.
   */
  private boolean isTakenOver(SendException error) {
    try {
      return context.undelivered().take(payload, completion, range, error);
    } catch (Throwable e) {
      error.addSuppressed(e);
      return false;
    }
  }

  /**
   * Runs a step. Whatever it throws, an {@code Error} of the JVM or a fault of the application's
   * protocol, ends the delivery: nothing else would complete its futures.
   */
  void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      failUnexpectedly(e);
    }
  }

  /** For a step that waits: at the deadline, the delivery ends. */
  DeadlineGuard guard() {
    return new DeadlineGuard(context.scheduler(), deadline::timeLeft, () -> guarded(this::timeOut));
  }

  /** Whether a delivery that waited goes on. Throws nothing, since the caller holds a place. */
  boolean goesOn(DeadlineGuard guard) {
    try {
      return guard.pass() && !isClaimed();
    } catch (Throwable e) {
      failUnexpectedly(e);
      return false;
    }
  }

  private Destination destination() {
    return payload.destination();
  }
}
