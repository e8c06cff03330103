package io.github.httpreport.internal.delivery;

import io.github.httpreport.Attempt;
import io.github.httpreport.Destination;
import io.github.httpreport.error.AuthenticationException;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.error.UnknownOutcomeException;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.internal.node.NodeTable;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.protocol.Verdict;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions of deliveries: which type stands for which failure, and its text. Verdicts, exchange
 * errors and refusals become exceptions of the application here and nowhere else, so every text
 * names messages, destination, node, code and the number of attempts in the same way.
 *
 * <p>Two questions decide the type. Whether sending again can help ({@code retryable}) depends on
 * the last failure alone; whether the messages may be on a server ({@code mayHaveBeenStored})
 * depends on every attempt, because one of the earlier ones may have stored them without saying so.
 */
public final class SendExceptions {

  private SendExceptions() {}

  /**
   * The verdict that a failed exchange amounts to. Only an exchange without a connection is certain
   * to have stored nothing: any other may have sent the request.
   *
   * @param error null where an exchange ended with neither a response nor an error
   */
  static Verdict.Retry verdict(@Nullable Throwable error) {
    boolean stored =
        !(error instanceof ExchangeException e) || e.kind() != ExchangeException.Kind.NOT_CONNECTED;
    String reason = error == null ? "no answer" : String.valueOf(error.getMessage());
    Verdict.Retry retry = Verdict.Retry.of("", reason);
    return stored ? retry.maybeStored() : retry;
  }

  /**
   * The outcome of an attempt as its history names it; the error of the exchange, if there is one,
   * says more than the verdict made from it.
   */
  static Attempt.Outcome outcome(Verdict verdict, @Nullable Throwable error) {
    if (error instanceof ExchangeException e) {
      return switch (e.kind()) {
        case NOT_CONNECTED -> Attempt.Outcome.NOT_CONNECTED;
        case TIMED_OUT -> Attempt.Outcome.TIMED_OUT;
        case CONNECTION_LOST -> Attempt.Outcome.CONNECTION_LOST;
      };
    }
    if (verdict instanceof Verdict.Accepted) {
      return Attempt.Outcome.ACCEPTED;
    } else if (verdict instanceof Verdict.Split) {
      return Attempt.Outcome.TOO_LARGE;
    } else if (verdict instanceof Verdict.Rejected) {
      return Attempt.Outcome.REJECTED;
    } else if (verdict instanceof Verdict.Reauthenticate) {
      return Attempt.Outcome.UNAUTHENTICATED;
    }
    boolean stored = ((Verdict.Retry) verdict).mayHaveBeenStored();
    return stored ? Attempt.Outcome.UNCLEAR : Attempt.Outcome.REFUSED;
  }

  /**
   * What a failed attempt says of its node. An interrupt of the caller closes the connection as
   * well, and says nothing.
   */
  public static NodeTable.FailureKind kind(@Nullable Throwable error) {
    if (error != null && error.getCause() instanceof ClosedByInterruptException) {
      return NodeTable.FailureKind.NONE;
    }
    if (error instanceof ExchangeException e) {
      return switch (e.kind()) {
        case NOT_CONNECTED -> NodeTable.FailureKind.UNREACHABLE;
        case TIMED_OUT -> NodeTable.FailureKind.SLOW;
        case CONNECTION_LOST -> NodeTable.FailureKind.UNHEALTHY;
      };
    }
    return NodeTable.FailureKind.UNHEALTHY;
  }

  /** Whether one of these attempts may have stored the messages without saying so. */
  public static boolean mayHaveBeenStored(List<Attempt> attempts) {
    for (Attempt attempt : attempts) {
      if (attempt.outcome().mayHaveBeenStored()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The messages are refused for good. A protocol that knows whose fault it is says so, and a spool
   * gives up the content's fault only.
   */
  static SendException rejected(Subject subject, Verdict.Rejected verdict) {
    FailureDetails details =
        subject
            .details(responded(subject, verdict.code(), verdict.reason()), false, null)
            .toBuilder()
            .mayHaveBeenStored(mayHaveBeenStored(subject.attempts()) || verdict.mayHaveBeenStored())
            .build();
    return verdict.isContentAtFault()
        ? RejectedException.ofContent(verdict.code(), details)
        : new RejectedException(verdict.code(), details);
  }

  /** Whether the messages themselves are the reason, so that waiting cannot help. */
  public static boolean isContentAtFault(SendException error) {
    return error instanceof MessageTooLargeException
        || (error instanceof RejectedException rejected && rejected.isContentAtFault());
  }

  /** A node refused the size of a request that holds one message. */
  static SendException refusedSize(Subject subject, int bytes, Node node, String code) {
    return tooLarge(
        subject,
        "the message alone is too large, "
            + bytes
            + " bytes encoded: node "
            + node
            + " answered "
            + code);
  }

  /** A message that is over the limit before anything is sent. */
  static SendException overLimit(Subject subject, int index, long maxBytes) {
    return tooLarge(
        subject,
        "body "
            + index
            + " alone is larger than the "
            + maxBytes
            + " bytes that the server takes, encoded");
  }

  /** Never retryable: the same bytes are too large the next time. */
  private static SendException tooLarge(Subject subject, String why) {
    return new MessageTooLargeException(subject.details(why, false, null));
  }

  /** What became of asking for credentials, which stores nothing, when they were not given. */
  static Verdict ofAuthentication(@Nullable Verdict verdict, @Nullable Throwable error) {
    if (verdict instanceof Verdict.Retry retry) {
      Verdict.Retry nothingStored = Verdict.Retry.of(retry.code(), retry.reason());
      return retry.retryAfter().map(nothingStored::after).orElse(nothingStored);
    } else if (error instanceof ExchangeException) {
      String reason = "no credentials: " + error.getMessage();
      return Verdict.Retry.of("", reason);
    } else if (verdict != null) {
      return verdict;
    }
    String reason = error == null ? "no verdict" : error.getClass().getSimpleName();
    return Verdict.Rejected.of("", "no credentials: " + reason);
  }

  /**
   * The outcome of an attempt that ended before its request. No messages were sent, so it is never
   * one that may have stored them.
   */
  static Attempt.Outcome outcomeOfAuthentication(@Nullable Throwable error) {
    return error instanceof ExchangeException e && e.kind() == ExchangeException.Kind.NOT_CONNECTED
        ? Attempt.Outcome.NOT_CONNECTED
        : Attempt.Outcome.UNAUTHENTICATED;
  }

  /** The server does not accept the credentials, and asking for others did not help. */
  static SendException unauthenticated(
      Subject subject, Verdict verdict, @Nullable Throwable cause) {
    String why =
        verdict.code().isEmpty()
            ? reason(verdict)
            : responded(subject, verdict.code(), reason(verdict));
    return new AuthenticationException(subject.details(why, false, cause));
  }

  private static String reason(Verdict verdict) {
    if (verdict instanceof Verdict.Reauthenticate reauthenticate) {
      return reauthenticate.reason();
    }
    return verdict instanceof Verdict.Rejected rejected ? rejected.reason() : "no credentials";
  }

  /**
   * No attempt is left after this verdict. Without a connection at the end, no node was there; a
   * verdict that leaves the outcome open must not look like a rejection, since the messages may be
   * stored.
   */
  static SendException exhausted(
      Subject subject, Verdict.Retry verdict, @Nullable Throwable error) {
    String why =
        verdict.code().isEmpty()
            ? verdict.reason()
            : responded(subject, verdict.code(), verdict.reason());
    FailureDetails details = subject.details(why, true, error);
    if (error instanceof ExchangeException e && e.kind() == ExchangeException.Kind.NOT_CONNECTED) {
      return new NoNodeAvailableException(details);
    }
    if (subject.isUnauthenticated()) {
      return new AuthenticationException(details);
    }
    return verdict.mayHaveBeenStored()
        ? new UnknownOutcomeException(details)
        : new RejectedException(verdict.code(), details);
  }

  /**
   * One node refused, and no other one could be asked before no attempt was left. Retryable,
   * because the refusal of one node may be the fault of that node.
   */
  static SendException unconfirmed(
      Subject subject, String code, String why, @Nullable Throwable error) {
    return new RejectedException(code, subject.details(why, true, error));
  }

  /**
   * No node is known: the source refused the group or the credentials, or it does not respond,
   * which may pass.
   */
  static SendException nodesUnknown(Subject subject, Throwable error) {
    String why = String.valueOf(error.getMessage());
    if (error instanceof NodeSourceException e) {
      return switch (e.kind()) {
        case UNAUTHENTICATED -> new AuthenticationException(subject.details(why, false, e));
        case REFUSED -> new NoNodeAvailableException(subject.details(why, false, e));
        case UNAVAILABLE -> new NoNodeAvailableException(subject.details(why, true, e));
      };
    }
    return new NoNodeAvailableException(subject.details(why, true, error));
  }

  /** No time is left, or none for another wait: then the text names both times. */
  static SendException timedOut(Subject subject, Duration elapsed, Duration deadline, String last) {
    String ofDeadline =
        elapsed.compareTo(deadline) < 0 ? " of the " + deadline.toMillis() + " ms it had" : " ms";
    String why =
        "not acknowledged within "
            + elapsed.toMillis()
            + ofDeadline
            + (last.isEmpty() ? "" : ": " + last);
    return new DeliveryTimeoutException(subject.details(why, true, null));
  }

  /**
   * The sender closed first. The request may be on its way at this moment, so the messages may be
   * stored.
   */
  public static SendException closed() {
    return new DeliveryTimeoutException(
        FailureDetails.builder("the sender was closed before the messages were acknowledged")
            .retryable(true)
            .mayHaveBeenStored(true)
            .build());
  }

  /**
   * The caller stopped waiting. The delivery goes on without it, so the messages may still be
   * stored.
   */
  public static FailureDetails interrupted(Destination destination) {
    return FailureDetails.builder("interrupted while sending to " + destination)
        .retryable(true)
        .mayHaveBeenStored(true)
        .build();
  }

  /** Something that should not happen, such as a selector of the application that throws. */
  public static SendException unexpected(Subject subject, Throwable error) {
    String why = error.getClass().getSimpleName() + ": " + error.getMessage();
    return new SendException(subject.details(why, false, error));
  }

  /** What the last node said when it refused. */
  static String refusal(Subject subject, Verdict verdict) {
    String reason =
        verdict instanceof Verdict.Split split
            ? split.reason()
            : verdict instanceof Verdict.Rejected rejected ? rejected.reason() : "";
    return responded(subject, verdict.code(), reason);
  }

  /**
   * The sentence for a response that is no success; the reason comes from the server and is cleaned
   * by the factories of {@code Verdict}.
   */
  static String responded(Subject subject, String code, String reason) {
    return "node " + subject.lastNode() + " answered " + code + " (" + reason + ')';
  }

  /**
   * What was to be delivered and what was tried for it.
   *
   * @param messages their number, in the text of the exception
   * @param attempts those that ended, oldest first
   */
  public record Subject(Destination destination, int messages, List<Attempt> attempts) {

    /** The address of the node that was tried last; a question mark before the first attempt. */
    String lastNode() {
      return attempts.isEmpty() ? "?" : attempts.get(attempts.size() - 1).node();
    }

    boolean isUnauthenticated() {
      return !attempts.isEmpty()
          && attempts.get(attempts.size() - 1).outcome() == Attempt.Outcome.UNAUTHENTICATED;
    }

    /**
     * The details of an exception, with the text "N messages for DESTINATION: WHY (N attempts)".
     */
    FailureDetails details(String why, boolean retryable, @Nullable Throwable cause) {
      String what = messages == 1 ? "1 message for " : messages + " messages for ";
      String after =
          attempts.isEmpty()
              ? ""
              : " (" + attempts.size() + (attempts.size() == 1 ? " attempt)" : " attempts)");
      return FailureDetails.builder(what + destination + ": " + why + after)
          .retryable(retryable)
          .mayHaveBeenStored(SendExceptions.mayHaveBeenStored(attempts))
          .attempts(attempts)
          .cause(cause)
          .build();
    }
  }
}
