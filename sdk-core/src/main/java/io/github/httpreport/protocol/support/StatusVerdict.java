package io.github.httpreport.protocol.support;

import io.github.httpreport.http.Response;
import io.github.httpreport.protocol.Verdict;
import java.time.Clock;

/** What a response means by its HTTP status alone, where a server or a gateway says no more. */
public final class StatusVerdict {

  private StatusVerdict() {}

  /**
   * Reads a status. Too large (413) is to be split; a redirect, a wrong request (400) and refused
   * credentials (401, 403, 407) are rejected; everything else is worth another try, after the
   * {@code Retry-After} that the response may hold.
   *
   * @param response a response that is no success of the protocol's own
   * @param clock gives the time when a {@code Retry-After} is a date and the response has no other
   * @return the verdict, with the code {@code HTTP} and the status
   */
  public static Verdict of(Response response, Clock clock) {
    int status = response.status();
    String code = "HTTP " + status;
    String reason = describe(response);
    return switch (status) {
      case 413 -> Verdict.Split.of(code, reason);
      case 400, 401, 403, 407 -> Verdict.Rejected.of(code, reason);
      default ->
          status >= 300 && status < 400
              ? Verdict.Rejected.of(code, reason)
              : retry(code, reason, response, clock);
    };
  }

  private static Verdict retry(String code, String reason, Response response, Clock clock) {
    Verdict.Retry retry = Verdict.Retry.of(code, reason);
    Verdict.Retry stored = isUnclear(response.status()) ? retry.maybeStored() : retry;
    return RetryAfter.of(response, clock).map(stored::after).orElse(stored);
  }

  /**
   * Describes a response without its text, which may echo a request.
   *
   * @param response the response
   * @return status, content type and size
   */
  public static String describe(Response response) {
    return "HTTP "
        + response.status()
        + ", "
        + response.header("content-type").orElse("no content type")
        + ", "
        + response.body().length
        + (response.truncated() ? " bytes and more" : " bytes");
  }

  /** A gateway's 5xx and 408 do not tell how far the request got, nor does another 2xx. */
  private static boolean isUnclear(int status) {
    return status < 300 || status == 408 || (status >= 500 && status != 503);
  }
}
