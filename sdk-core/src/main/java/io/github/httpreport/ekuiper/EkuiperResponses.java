package io.github.httpreport.ekuiper;

import io.github.httpreport.http.Response;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.Verdict.Accepted;
import io.github.httpreport.protocol.Verdict.Rejected;
import io.github.httpreport.protocol.Verdict.Retry;
import io.github.httpreport.protocol.support.StatusVerdict;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;

/** Says what a response of eKuiper's HTTP server means. Immutable. */
final class EkuiperResponses {

  private static final byte[] OK = "ok".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PLAIN_TO_TLS =
      "Client sent an HTTP request to an HTTPS server.\n".getBytes(StandardCharsets.US_ASCII);
  private static final Accepted ACCEPTED = Accepted.of("ok");

  /** What eKuiper 1.x says of a body that it cannot decode. */
  private static final byte[] CANNOT_DECODE =
      "Fail to decode data".getBytes(StandardCharsets.US_ASCII);

  private final Duration unknownPathDelay;
  private final boolean single;

  /**
   * @param single whether a request holds one object: eKuiper 1.x refuses every array in the same
   *     words, and then the setting is wrong and not the content
   */
  EkuiperResponses(Duration unknownPathDelay, boolean single) {
    this.unknownPathDelay = unknownPathDelay;
    this.single = single;
  }

  Verdict classify(Response response) {
    int status = response.status();
    // Exactly so: another process may own the port, and many of them answer 200.
    if (status == 200 && !response.truncated() && Arrays.equals(OK, response.body())) {
      return ACCEPTED;
    }
    return switch (status) {
      case 404 ->
          Retry.of(
                  "HTTP 404",
                  "no started rule uses a stream of this path; " + StatusVerdict.describe(response))
              .after(unknownPathDelay)
              .nodeHealthy();
      case 405 ->
          Rejected.of(
              "HTTP 405",
              "the stream of this path takes another method; " + StatusVerdict.describe(response));
      case 400 -> ofBadRequest(response);
      default -> StatusVerdict.of(response, Clock.systemUTC());
    };
  }

  private Rejected ofBadRequest(Response response) {
    if (Arrays.equals(PLAIN_TO_TLS, response.body())) {
      return Rejected.of("HTTP 400", "the server asks for TLS: name the node with https://");
    }
    String reason = StatusVerdict.describe(response);
    return single && isUndecodable(response)
        ? Rejected.content("HTTP 400", reason)
        : Rejected.of("HTTP 400", reason);
  }

  private static boolean isUndecodable(Response response) {
    byte[] body = response.body();
    int length = Math.min(body.length, CANNOT_DECODE.length);
    return Arrays.equals(Arrays.copyOf(body, length), CANNOT_DECODE);
  }
}
