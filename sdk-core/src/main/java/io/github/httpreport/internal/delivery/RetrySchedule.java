package io.github.httpreport.internal.delivery;

import io.github.httpreport.RetryPolicy;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Counts and spaces the attempts of deliveries, by a policy. */
public final class RetrySchedule {

  private static final double GROWTH = 2.0;

  private final Retry retry;
  private final IntervalFunction bounds;
  private final DoubleSupplier random;

  public RetrySchedule(String name, RetryPolicy policy, DoubleSupplier random) {
    this.random = random;
    bounds =
        IntervalFunction.ofExponentialBackoff(policy.initialBackoff(), GROWTH, policy.maxBackoff());
    retry =
        Retry.of(
            name,
            RetryConfig.<Object>custom()
                .maxAttempts(policy.maxAttempts())
                .intervalBiFunction(this::millisBefore)
                .build());
  }

  /** The attempts of one delivery. */
  Course begin() {
    return new Course(retry.asyncContext());
  }

  private long millisBefore(int attempt, Either<Throwable, Object> outcome) {
    AttemptFailure failure = (AttemptFailure) outcome.getLeft();
    if (failure.anotherNode()) {
      return 0;
    }
    return failure
        .retryAfter()
        .map(Duration::toMillis)
        .orElseGet(() -> (long) (random.getAsDouble() * bounds.apply(attempt)));
  }

  /** How one delivery goes on. */
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
