package io.github.httpreport.ckafka;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.http.Response;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.Verdict.Accepted;
import io.github.httpreport.protocol.Verdict.Reauthenticate;
import io.github.httpreport.protocol.Verdict.Rejected;
import io.github.httpreport.protocol.Verdict.Retry;
import io.github.httpreport.protocol.support.StatusVerdict;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says what a response to SendMessage means. An error is a 200 as well, and only its code counts.
 */
final class CkafkaResponses {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final Pattern CODE = Pattern.compile("[A-Za-z][A-Za-z0-9_.]{0,127}");
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

  /** What these say is about the account or the service, and quotes no message. */
  private static final Set<String> FAMILIES_WITH_TEXT =
      Set.of(
          "FailedOperation",
          "InternalError",
          "LimitExceeded",
          "OperationDenied",
          "RequestLimitExceeded",
          "ResourceUnavailable",
          "UnauthorizedOperation");

  private final Duration pauseWhenRefused;
  private final ClockOffset offset;
  private final Clock clock;

  /**
   * @param pauseWhenRefused before trying again where the task does not take messages now
   */
  CkafkaResponses(Duration pauseWhenRefused, ClockOffset offset, Clock clock) {
    this.pauseWhenRefused = pauseWhenRefused;
    this.offset = offset;
    this.clock = clock;
  }

  Verdict classify(Response response) {
    if (response.status() != 200) {
      return ofStatus(response);
    }
    JsonNode body = read(response).path("Response");
    JsonNode error = body.path("Error");
    if (error.isObject()) {
      String code = error.path("Code").asText("");
      return CODE.matcher(code).matches()
          ? ofCode(code, text(code, error, body), response)
          : unknownOutcome(response);
    }
    List<String> ids = ids(body.path("MessageId"));
    return ids.isEmpty() ? unknownOutcome(response) : Accepted.of("", ids);
  }

  private Verdict ofStatus(Response response) {
    Verdict verdict = StatusVerdict.of(response, clock);
    if (verdict instanceof Retry retry && response.status() >= 500) {
      return retry.maybeStored();
    }
    return verdict;
  }

  private static JsonNode read(Response response) {
    try {
      return JSON.readTree(response.truncated() ? new byte[0] : response.body());
    } catch (IOException notJson) {
      return JSON.missingNode();
    }
  }

  private Verdict ofCode(String code, String text, Response response) {
    if (code.equals("AuthFailure.SignatureExpire")) {
      return Reauthenticate.of(code, learnTime(response));
    }
    if (code.equals("AuthFailure.TokenFailure")) {
      return Reauthenticate.of(code, text);
    }
    if (code.startsWith("RequestLimitExceeded")) {
      return Retry.of(code, text);
    }
    if (code.startsWith("InternalError") || code.startsWith("ResourceUnavailable")) {
      return Retry.of(code, text).maybeStored();
    }
    if (code.startsWith("FailedOperation")
        || code.startsWith("OperationDenied")
        || code.startsWith("LimitExceeded")) {
      return Retry.of(code, text).after(pauseWhenRefused);
    }
    return code.startsWith("RequestSizeLimitExceeded")
        ? Rejected.content(code, text)
        : Rejected.of(code, text);
  }

  private String learnTime(Response response) {
    return offset
        .learn(response)
        .map(ahead -> "the server's clock is ahead by " + ahead.toSeconds() + " s")
        .orElse("the server's clock differs, and it does not tell its time");
  }

  private static String text(String code, JsonNode error, JsonNode body) {
    String requestId = body.path("RequestId").asText("");
    String id = REQUEST_ID.matcher(requestId).matches() ? requestId : "unknown";
    String family = code.contains(".") ? code.substring(0, code.indexOf('.')) : code;
    String text =
        FAMILIES_WITH_TEXT.contains(family)
            ? error.path("Message").asText("")
            : "its text may quote the request and is left out";
    return "RequestId " + id + "; " + text;
  }

  private static Retry unknownOutcome(Response response) {
    return Retry.of("HTTP 200", StatusVerdict.describe(response)).maybeStored();
  }

  private static List<String> ids(JsonNode messageIds) {
    List<String> ids = new ArrayList<>(messageIds.size());
    for (JsonNode id : messageIds) {
      if (!id.isTextual()) {
        return List.of();
      }
      ids.add(id.textValue());
    }
    return messageIds.isArray() ? ids : List.of();
  }
}
