package io.github.httpreport.ekuiper;

import io.github.httpreport.http.Response;
import io.github.httpreport.protocol.ServerWords;
import io.github.httpreport.protocol.StatusVerdict;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.Verdict.Accepted;
import io.github.httpreport.protocol.Verdict.Rejected;
import io.github.httpreport.protocol.Verdict.Retry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Says what an answer of eKuiper's HTTP server means. Immutable. */
final class EkuiperAnswers {

  private static final byte[] OK = "ok".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PLAIN_TO_TLS =
      "Client sent an HTTP request to an HTTPS server.\n".getBytes(StandardCharsets.US_ASCII);
  private static final Accepted ACCEPTED = new Accepted("ok");

  private final Optional<Duration> unknownPathDelay;

  EkuiperAnswers(Duration unknownPathDelay) {
    this.unknownPathDelay = Optional.of(unknownPathDelay);
  }

  Verdict classify(Response response) {
    int status = response.status();
    // Exactly so: another process may own the port, and many of them answer 200.
    if (status == 200 && !response.truncated() && Arrays.equals(OK, response.body())) {
      return ACCEPTED;
    }
    return switch (status) {
      case 404 ->
          new Retry(
              "HTTP 404",
              "no started rule uses a stream of this path; " + ServerWords.describe(response),
              false,
              unknownPathDelay,
              true);
      case 405 ->
          new Rejected(
              "HTTP 405",
              "the stream of this path takes another method; " + ServerWords.describe(response));
      case 400 ->
          Arrays.equals(PLAIN_TO_TLS, response.body())
              ? new Rejected("HTTP 400", "the server asks for TLS: name the node with https://")
              : StatusVerdict.of(response, Clock.systemUTC());
      default -> StatusVerdict.of(response, Clock.systemUTC());
    };
  }
}
