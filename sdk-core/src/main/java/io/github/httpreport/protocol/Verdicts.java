package io.github.httpreport.protocol;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.common.Printable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Implementations of {@link Verdict}. They are no part of the API, so that a component can be added
 * without breaking a compiled protocol. This is the one place where the text of a server is made
 * fit for log lines and exceptions.
 */
final class Verdicts {

  private static final int MAX_LENGTH = 400;

  private Verdicts() {}

  private static String clean(String text, String name) {
    return Printable.onOneLine(requireNonNull(text, name), MAX_LENGTH);
  }

  record AcceptedVerdict(String code, boolean keepsConnection, List<String> messageIds)
      implements Verdict.Accepted {

    AcceptedVerdict {
      code = clean(code, "code");
      messageIds = List.copyOf(messageIds);
    }

    @Override
    public Accepted closingConnection() {
      return new AcceptedVerdict(code, false, messageIds);
    }
  }

  record RetryVerdict(
      String code,
      String reason,
      boolean mayHaveBeenStored,
      Optional<Duration> retryAfter,
      boolean isNodeHealthy)
      implements Verdict.Retry {

    RetryVerdict {
      code = clean(code, "code");
      reason = clean(reason, "reason");
    }

    @Override
    public Retry maybeStored() {
      return new RetryVerdict(code, reason, true, retryAfter, isNodeHealthy);
    }

    @Override
    public Retry after(Duration wait) {
      if (wait.isNegative()) {
        throw new IllegalArgumentException("wait must not be negative, but is " + wait);
      }
      return new RetryVerdict(code, reason, mayHaveBeenStored, Optional.of(wait), isNodeHealthy);
    }

    @Override
    public Retry nodeHealthy() {
      return new RetryVerdict(code, reason, mayHaveBeenStored, retryAfter, true);
    }
  }

  record SplitVerdict(String code, String reason) implements Verdict.Split {

    SplitVerdict {
      code = clean(code, "code");
      reason = clean(reason, "reason");
    }
  }

  record ReauthenticateVerdict(String code, String reason) implements Verdict.Reauthenticate {

    ReauthenticateVerdict {
      code = clean(code, "code");
      reason = clean(reason, "reason");
    }
  }

  record RejectedVerdict(
      String code, String reason, boolean mayHaveBeenStored, boolean isContentAtFault)
      implements Verdict.Rejected {

    RejectedVerdict {
      code = clean(code, "code");
      reason = clean(reason, "reason");
    }

    @Override
    public Rejected maybeStored() {
      return new RejectedVerdict(code, reason, true, isContentAtFault);
    }
  }
}
