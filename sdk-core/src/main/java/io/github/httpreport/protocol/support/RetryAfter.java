package io.github.httpreport.protocol.support;

import io.github.httpreport.common.HttpDate;
import io.github.httpreport.http.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads how long a server asks to wait. */
final class RetryAfter {

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");

  /** More than this is a mistake of the server's, not a wish. */
  private static final Duration MAX_WAIT = Duration.ofDays(1);

  private RetryAfter() {}

  /**
   * The wait, from zero to one day.
   *
   * @param clock gives the time when the response itself does not
   * @return empty when the header is missing or says neither seconds nor a date
   */
  static Optional<Duration> of(Response response, Clock clock) {
    return response
        .header("retry-after")
        .map(String::strip)
        .flatMap(value -> read(value, response, clock))
        .map(wait -> wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait);
  }

  private static Optional<Duration> read(String value, Response response, Clock clock) {
    if (SECONDS.matcher(value).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    return HttpDate.parse(value).map(until -> untilThen(until, response, clock));
  }

  private static Duration untilThen(Instant until, Response response, Clock clock) {
    Instant now = response.header("date").flatMap(HttpDate::parse).orElseGet(clock::instant);
    Duration wait = Duration.between(now, until);
    return wait.isNegative() ? Duration.ZERO : wait;
  }
}
