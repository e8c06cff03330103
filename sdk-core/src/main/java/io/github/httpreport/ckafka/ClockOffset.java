package io.github.httpreport.ckafka;

import io.github.httpreport.common.HttpDate;
import io.github.httpreport.http.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far the server's clock is ahead of this machine's, as its responses show. */
final class ClockOffset {

  private static final Logger LOG = LoggerFactory.getLogger(ClockOffset.class);

  /** Answers to requests that were on the way together differ by less. */
  private static final Duration MIN_REPORTED = Duration.ofSeconds(30);

  private final Clock clock;
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

  ClockOffset(Clock clock) {
    this.clock = clock;
  }

  /** The time at the server when it is this time here. */
  Instant atServer(Instant here) {
    return here.plus(offset.get());
  }

  /**
   * Takes the offset from a response that has just come, if it holds a time.
   *
   * @return the offset; empty when the response holds no time
   */
  Optional<Duration> learn(Response response) {
    Optional<Duration> learned =
        response.header("date").flatMap(HttpDate::parse).map(this::aheadOfHere);
    learned.ifPresent(this::use);
    return learned;
  }

  private Duration aheadOfHere(Instant server) {
    return Duration.ofSeconds(Duration.between(clock.instant(), server).toSeconds());
  }

  private void use(Duration learned) {
    Duration before = offset.getAndSet(learned);
    if (learned.minus(before).abs().compareTo(MIN_REPORTED) > 0) {
      LOG.warn(
          "The clock of this machine differs from the server's by {} s: requests are signed with"
              + " the server's time from now on",
          learned.toSeconds());
    }
  }
}
