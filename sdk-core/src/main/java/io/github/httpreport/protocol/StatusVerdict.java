package io.github.httpreport.protocol;

import io.github.httpreport.http.Response;
import java.time.Clock;

/** What an answer means by its HTTP status alone, where a server or a gateway says no more. */
public final class StatusVerdict {

  private StatusVerdict() {}

  /**
   * Reads a status. Too large (413) is to be split; a redirect, a wrong request (400) and refused
   * credentials (401, 403, 407) are rejected; everything else is worth another try, after the
   * {@code Retry-After} that the answer may hold.
   *
   * @param response an answer that is no success of the protocol's own
   * @param clock tells the time when a {@code Retry-After} is a date and the answer has no other
   * @return the verdict, with the code {@code HTTP} and the status
   */
  public static Verdict of(Response response, Clock clock) {
    int status = response.status();
    String code = "HTTP " + status;
    String reason = ServerWords.describe(response);
    return switch (status) {
      case 413 -> new Verdict.Split(code, reason);
      case 400, 401, 403, 407 -> new Verdict.Rejected(code, reason);
      default ->
          status >= 300 && status < 400
              ? new Verdict.Rejected(code, reason)
              : new Verdict.Retry(code, reason, isUnclear(status), RetryAfter.of(response, clock));
    };
  }

  /** A gateway's 5xx and 408 do not tell how far the request got, nor does another 2xx. */
  private static boolean isUnclear(int status) {
    return status < 300 || status == 408 || (status >= 500 && status != 503);
  }
}
