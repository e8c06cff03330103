package io.github.httpreport.internal.delivery;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.internal.concurrent.ExponentialBackoff;
import io.github.httpreport.internal.concurrent.Jitter;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Schedule of retries by a policy: how many attempts a delivery has, and how long it waits before
 * each. resilience4j counts and spaces; the delivery schedules.
 *
 * <p>The back-off is exponential with full jitter. A retry on another node has none, and one after
 * a {@code Retry-After} has what the server asked for. The schedule is shared by all deliveries and
 * immutable; a {@link Course} belongs to one delivery.
 */
public final class RetrySchedule {

  private final Retry retry;

  private final ExponentialBackoff backoff;

  public RetrySchedule(String name, RetryPolicy policy, DoubleSupplier random) {
    backoff =
        new ExponentialBackoff(policy.initialBackoff(), policy.maxBackoff(), Jitter.FULL, random);
    retry =
        Retry.of(
            name,
            RetryConfig.<Object>custom()
                .maxAttempts(policy.maxAttempts())
                .intervalBiFunction(this::millisBefore)
                .build());
  }

  /** Begins the count of one delivery. */
  Course begin() {
    return new Course(retry.asyncContext());
  }

  /** The wait before the next attempt, which resilience4j asks for after each failed one. */
  private long millisBefore(int attempt, Either<Throwable, Object> outcome) {
    AttemptFailure failure = (AttemptFailure) outcome.getLeft();
    if (failure.anotherNode()) {
      return 0;
    }
    return failure.retryAfter().orElseGet(() -> backoff.after(attempt)).toMillis();
  }

  /** The attempts of one delivery; used by one thread at a time. */
  static final class Course {
    private static final long NO_MORE = -1;

    private final Retry.AsyncContext<Object> context;

    private Course(Retry.AsyncContext<Object> context) {
      this.context = context;
    }

    /** How long to wait before the next attempt; null when there is none. */
    @Nullable Duration next(AttemptFailure failure) {
      long millis = context.onError(failure);
      return millis == NO_MORE ? null : Duration.ofMillis(millis);
    }
  }
}
