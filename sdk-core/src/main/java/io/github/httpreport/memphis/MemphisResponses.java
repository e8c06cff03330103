package io.github.httpreport.memphis;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.http.Response;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.Verdict.Accepted;
import io.github.httpreport.protocol.Verdict.Reauthenticate;
import io.github.httpreport.protocol.Verdict.Rejected;
import io.github.httpreport.protocol.Verdict.Retry;
import io.github.httpreport.protocol.Verdict.Split;
import io.github.httpreport.protocol.support.StatusVerdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Says what a response of the gateway to messages means. Immutable. */
final class MemphisResponses {

  private static final byte[] SUCCESS =
      "{\"error\":null,\"success\":true}".getBytes(StandardCharsets.US_ASCII);

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final Accepted ACCEPTED = Accepted.of("HTTP 200");

  private final boolean batch;
  private final Clock clock;

  /**
   * @param batch whether a request may hold several messages, of which the gateway may have handed
   *     over some before it failed
   * @param clock gives the time where a response asks to wait until a date
   */
  MemphisResponses(boolean batch, Clock clock) {
    this.batch = batch;
    this.clock = clock;
  }

  Verdict classify(Response response) {
    int status = response.status();
    if (status == 200 && isSuccess(response)) {
      return ACCEPTED;
    }
    if (status == 401) {
      return Reauthenticate.of("HTTP 401", "the gateway does not take the token");
    }
    if (status == 431) {
      return Rejected.of(
          "HTTP 431", "the headers are too large for the gateway: a shorter password is a cure");
    }
    return GatewayError.read(response)
        .filter(error -> isGateways(status, error))
        .map(error -> ofError(response, error))
        .orElseGet(() -> ofStatus(response));
  }

  private static boolean isSuccess(Response response) {
    if (Arrays.equals(SUCCESS, response.body())) {
      return !response.truncated();
    }
    try {
      JsonNode root = JSON.readTree(response.body());
      boolean noError = root.path("error").isNull() || root.path("error").isMissingNode();
      return root.path("success").asBoolean(false) && noError && !response.truncated();
    } catch (IOException notJson) {
      return false;
    }
  }

  /** These three are what the gateway itself fails with; a proxy may use JSON as well. */
  private static boolean isGateways(int status, GatewayError error) {
    boolean known = error.isPermanent() || error.isTransient();
    return status == 200 || status == 400 || status == 500 || (status > 500 && known);
  }

  private Verdict ofError(Response response, GatewayError error) {
    String code = "HTTP " + response.status();
    if (error.isStationBeingMade()) {
      String reason = "another request is making the station, which already exists";
      return waiting(Retry.of(code, reason).nodeHealthy(), response);
    }
    String text = error.text().orElseGet(() -> StatusVerdict.describe(response));
    boolean nothing = error.isBeforeTheFirst();
    if (!batch && error.isTooLarge()) {
      return Split.of(code, text);
    }
    if (error.isPermanent() || (response.status() == 400 && !error.isTransient())) {
      Rejected rejected =
          error.isOfContent() ? Rejected.content(code, text) : Rejected.of(code, text);
      return batch && !nothing ? rejected.maybeStored() : rejected;
    }
    boolean unclear = !nothing && (batch || !error.isNotHandedOver());
    Retry retry = Retry.of(code, text);
    return waiting(unclear ? retry.maybeStored() : retry, response);
  }

  /** The same after the time that the response asks to wait, if it does. */
  private Retry waiting(Retry retry, Response response) {
    Optional<Duration> wait =
        StatusVerdict.of(response, clock) instanceof Retry ofStatus
            ? ofStatus.retryAfter()
            : Optional.empty();
    return wait.map(retry::after).orElse(retry);
  }

  private Verdict ofStatus(Response response) {
    if (batch && response.status() == 400) {
      return Rejected.of("HTTP 400", StatusVerdict.describe(response)).maybeStored();
    }
    return StatusVerdict.of(response, clock);
  }
}
