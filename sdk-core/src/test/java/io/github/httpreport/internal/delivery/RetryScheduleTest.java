package io.github.httpreport.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.internal.delivery.RetrySchedule.Course;
import io.github.httpreport.node.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryScheduleTest {

  private final AttemptFailure sameNode = new AttemptFailure(false, Optional.empty());
  private final AttemptFailure anotherNode = new AttemptFailure(true, Optional.empty());

  private static RetryPolicy policy(long initialMillis, long maxMillis) {
    return RetryPolicy.builder()
        .backoff(Duration.ofMillis(initialMillis), Duration.ofMillis(maxMillis))
        .build();
  }

  @Test
  void next_sameNode_doublesTheBoundUpToTheLargest() {
    Course course = new RetrySchedule("test", policy(100, 1_000), () -> 0.999).begin();

    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      waits.add(course.next(sameNode).toMillis());
    }

    assertThat(waits).containsExactly(99L, 199L, 399L, 799L, 999L, 999L);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.5, 50", "0.25, 25"})
  void next_sameNode_drawsTheWholeRange(double draw, long millis) {
    Course course = new RetrySchedule("test", policy(100, 1_000), () -> draw).begin();

    assertThat(course.next(sameNode)).hasMillis(millis);
  }

  @Test
  void next_randomDraws_stayWithinTheBounds() {
    long seed = Seed.next();
    Random random = new Random(seed);
    RetrySchedule retries = new RetrySchedule("test", policy(100, 1_000), random::nextDouble);
    for (int i = 0; i < 1_000; i++) {
      Course course = retries.begin();
      for (long bound : new long[] {100, 200, 400, 800, 1_000}) {
        assertThat(course.next(sameNode).toMillis()).as("seed %d", seed).isBetween(0L, bound);
      }
    }
  }

  @Test
  void next_smallestBackoffAllowed_works() {
    Course course = new RetrySchedule("test", policy(1, 1), () -> 0.999).begin();

    assertThat(course.next(sameNode)).isZero();
  }

  @Test
  void next_anotherNode_isAtOnceAndCounts() {
    Course course = new RetrySchedule("test", policy(100, 1_000), () -> 0.5).begin();

    assertThat(course.next(anotherNode)).isZero();
    assertThat(course.next(anotherNode)).isZero();
    assertThat(course.next(sameNode)).hasMillis(200);
  }

  @Test
  void next_serverAsksForATime_isThatTimeOnTheSameNodeOnly() {
    Course course = new RetrySchedule("test", policy(100, 1_000), () -> 0.5).begin();
    Optional<Duration> asked = Optional.of(Duration.ofSeconds(7));

    assertThat(course.next(new AttemptFailure(false, asked))).hasSeconds(7);
    assertThat(course.next(new AttemptFailure(true, asked))).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 30})
  void next_attemptsUsedUp_isNone(int attempts) {
    RetryPolicy policy = RetryPolicy.builder().maxAttempts(attempts).build();
    Course course = new RetrySchedule("test", policy, () -> 0.5).begin();

    for (int i = 1; i < attempts; i++) {
      assertThat(course.next(anotherNode)).isNotNull();
    }

    assertThat(course.next(anotherNode)).isNull();
  }

  @Test
  void begin_eachDelivery_countsForItself() {
    RetrySchedule retries =
        new RetrySchedule("test", RetryPolicy.builder().maxAttempts(2).build(), () -> 0.5);
    Course one = retries.begin();
    Course other = retries.begin();

    assertThat(one.next(sameNode)).isNotNull();
    assertThat(one.next(sameNode)).isNull();
    assertThat(other.next(sameNode)).isNotNull();
  }
}
