package io.github.httpreport.examples.doctor;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * An exchange that reads the Date header of the responses that pass through it. It keeps the last
 * reading of each server, so it holds as many as there are servers. Responses complete on threads
 * of the exchange below, and the doctor reads afterwards on its own; the map is the only state.
 */
final class ClockReadings implements Exchange {

  private static final String STEP = "clock";

  /** A request may take that long, and the header has whole seconds. */
  private static final Duration TOLERANCE = Duration.ofSeconds(30);

  private final Exchange exchange;
  private final Clock clock;
  private final Map<Origin, Duration> ahead = new ConcurrentHashMap<>();

  ClockReadings(Exchange exchange, Clock clock) {
    this.exchange = exchange;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection) {
    return exchange
        .execute(request, keepConnection)
        .toCompletableFuture()
        .whenComplete(
            (response, error) -> {
              if (response != null) {
                response.header("date").ifPresent(date -> read(request.origin(), date));
              }
            });
  }

  private void read(Origin server, String date) {
    try {
      Instant serverTime = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
      ahead.put(server, Duration.between(clock.instant(), serverTime));
    } catch (DateTimeException unreadable) {
      ahead.remove(server);
    }
  }

  /** The finding for a server; empty if it told no time. */
  Optional<Finding> check(String subject, Origin server) {
    return Optional.ofNullable(ahead.get(server)).map(difference -> finding(subject, difference));
  }

  private static Finding finding(String subject, Duration ahead) {
    Finding finding =
        ahead.abs().compareTo(TOLERANCE) > 0
            ? Finding.warning(subject, STEP, differs(ahead))
            : Finding.ok(subject, STEP, "the same as here, to " + TOLERANCE.toSeconds() + " s");
    return finding.with("aheadSeconds", ahead.toSeconds());
  }

  private static String differs(Duration ahead) {
    return "its clock differs by "
        + ahead.abs().toSeconds()
        + " s: it is "
        + (ahead.isNegative() ? "behind" : "ahead of")
        + " the clock here";
  }
}
