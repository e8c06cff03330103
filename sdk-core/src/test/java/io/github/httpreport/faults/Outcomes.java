package io.github.httpreport.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.faults.Traffic.Sent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What every message came to, and what the servers stored of it. */
final class Outcomes {

  private final Collection<Sent> sent;
  private final Map<String, Long> stored;
  private final boolean closedMeanwhile;
  private long accepted;
  private long acknowledged;
  private long doubtful;

  /**
   * Reads what came of messages that are all settled.
   *
   * @param closedMeanwhile whether the sender was closed before they were
   */
  Outcomes(Collection<Sent> sent, List<String> stored, boolean closedMeanwhile) {
    this.sent = sent;
    this.stored =
        stored.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    this.closedMeanwhile = closedMeanwhile;
  }

  /** Nothing acknowledged is missing, nothing failed without cause, no secret duplicates. */
  Outcomes keepPromises() {
    sent.forEach(this::keepPromises);
    Set<String> known = new HashSet<>();
    sent.forEach(s -> known.addAll(s.bodies()));
    assertThat(stored.keySet())
        .filteredOn(Canary::isIn)
        .as("everything stored was sent, unchanged")
        .isSubsetOf(known);
    return this;
  }

  private void keepPromises(Sent message) {
    int size = message.bodies().size();
    try {
      SendResult result = message.future().join();
      accepted += size;
      acknowledged += size;
      keepPromises(message, result);
    } catch (CompletionException e) {
      Throwable error = e.getCause();
      if (closedMeanwhile && error instanceof IllegalStateException) {
        assertStored(message, false, false);
        return;
      }
      accepted += size;
      keepPromises(message, error);
    }
  }

  private void keepPromises(Sent message, SendResult result) {
    Canary.assertNotIn(result);
    Canary.assertNotIn(message.future());
    assertThat(message.expected().mayPass()).as("may be acknowledged: %s", result).isTrue();
    assertStored(message, true, result.possibleDuplicate());
    if (!message.expected().doubt()) {
      assertThat(result.possibleDuplicate()).as("possible duplicate: %s", result).isFalse();
    }
  }

  private void keepPromises(Sent message, Throwable thrown) {
    Canary.assertNotIn(thrown);
    Canary.assertNotIn(message.future());
    assertThat(thrown).isInstanceOf(SendException.class);
    SendException error = (SendException) thrown;
    Canary.assertNotIn(error.details());
    doubtful += error.mayHaveBeenStored() ? message.bodies().size() : 0;
    if (!error.mayHaveBeenStored()) {
      assertStored(message, false, false);
    }
    assertThat(reasons(message.expected()))
        .as("a reason to fail: %s", error)
        .anyMatch(r -> r.isInstance(error));
    assertAttempts(message.expected(), error);
    if (!message.expected().doubt() && !closedMeanwhile) {
      assertThat(error.mayHaveBeenStored()).as("may have been stored: %s", error).isFalse();
    }
  }

  private List<Class<?>> reasons(Expected expected) {
    if (!closedMeanwhile) {
      return expected.failures();
    }
    // Who is closed meanwhile has requests left.
    List<Class<?>> reasons =
        new ArrayList<>(expected.isExhausted() ? List.of() : expected.failures());
    reasons.add(DeliveryTimeoutException.class);
    return reasons;
  }

  private void assertAttempts(Expected expected, SendException error) {
    if (expected.attempts() > 0 && !closedMeanwhile) {
      assertThat(error.attempts()).as("requests: %s", error).hasSize(expected.attempts());
    }
  }

  private void assertStored(Sent message, boolean atLeastOnce, boolean perhapsMore) {
    for (String body : message.bodies()) {
      long times = stored.getOrDefault(body, 0L);
      String future = message.future().toString();
      if (atLeastOnce) {
        assertThat(times).as("acknowledged, so stored: %s", future).isPositive();
      }
      if (!perhapsMore) {
        assertThat(times).as("times stored: %s", future).isEqualTo(atLeastOnce ? 1 : 0);
      }
    }
  }

  /**
   * The sender's own account is that of the futures. What failed in part, or may have been stored
   * for another reason, may be counted on either side, and so may what was sent besides.
   */
  void addUp(CloseSummary summary, int besides) {
    Canary.assertNotIn(summary);
    assertThat(summary.total()).as("messages in %s", summary).isEqualTo(accepted + besides);
    assertThat(summary.sent())
        .as("acknowledged messages in %s", summary)
        .isBetween(acknowledged, acknowledged + doubtful + besides);
    assertThat(summary.spooled()).isZero();
    if (!mayBeAbandoned()) {
      assertThat(summary.abandoned())
          .as("abandoned messages in %s", summary)
          .isLessThanOrEqualTo(besides);
    }
  }

  private boolean mayBeAbandoned() {
    return closedMeanwhile
        || sent.stream()
            .anyMatch(s -> s.expected().failures().contains(DeliveryTimeoutException.class));
  }
}
