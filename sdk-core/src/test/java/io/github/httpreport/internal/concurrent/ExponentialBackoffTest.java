package io.github.httpreport.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExponentialBackoffTest {

  private static ExponentialBackoff backoff(Jitter jitter, double random) {
    return new ExponentialBackoff(
        Duration.ofSeconds(1), Duration.ofSeconds(15), jitter, () -> random);
  }

  @Test
  void after_failuresInARow_doublesUpToTheMaximum() {
    ExponentialBackoff backoff = backoff(Jitter.NONE, 0.5);

    assertThat(IntStream.rangeClosed(1, 6).mapToObj(backoff::after).map(Duration::toSeconds))
        .containsExactly(1L, 2L, 4L, 8L, 15L, 15L);
  }

  @Test
  void after_moreFailuresThanAreCounted_isTheMaximum() {
    assertThat(backoff(Jitter.NONE, 0).after(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(15));
  }

  @ParameterizedTest
  @CsvSource({
    "FULL, 0, 0",
    "FULL, 0.5, 1000",
    "HALF, 0, 1000",
    "HALF, 0.5, 1500",
    "FIFTH, 0, 1600",
    "FIFTH, 0.5, 2000",
    "FIFTH, 1, 2400",
    "NONE, 0, 2000"
  })
  void after_twoFailures_isWithinTheJitter(String jitter, double random, long millis)
      throws ReflectiveOperationException {
    Jitter range = (Jitter) Jitter.class.getField(jitter).get(null);

    assertThat(backoff(range, random).after(2)).isEqualTo(Duration.ofMillis(millis));
  }
}
