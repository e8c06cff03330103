package io.github.httpreport.flink;

import io.github.httpreport.RetryPolicy;
import java.io.Serializable;
import java.time.Duration;

/** A {@link RetryPolicy} that travels to the task managers. */
record RetrySettings(
    int maxAttempts,
    Duration initialBackoff,
    Duration maxBackoff,
    Duration deadline,
    double budgetRatio,
    RetryPolicy.UnknownOutcome unknownOutcome)
    implements Serializable {

  static RetrySettings of(RetryPolicy policy) {
    return new RetrySettings(
        policy.maxAttempts(),
        policy.initialBackoff(),
        policy.maxBackoff(),
        policy.deadline(),
        policy.budgetRatio(),
        policy.unknownOutcome());
  }

  RetryPolicy toPolicy() {
    return RetryPolicy.builder()
        .maxAttempts(maxAttempts)
        .backoff(initialBackoff, maxBackoff)
        .deadline(deadline)
        .budgetRatio(budgetRatio)
        .unknownOutcome(unknownOutcome)
        .build();
  }
}
