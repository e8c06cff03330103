package io.github.httpreport.ckafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.Response;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.Verdict.Accepted;
import io.github.httpreport.protocol.Verdict.Reauthenticate;
import io.github.httpreport.protocol.Verdict.Rejected;
import io.github.httpreport.protocol.Verdict.Retry;
import io.github.httpreport.protocol.Verdict.Split;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CkafkaResponsesTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final CkafkaProtocol protocol =
      CkafkaProtocol.builder()
          .dataHub("hub")
          .credentials(CkafkaCredentials.of("id", "key"))
          .pauseWhenRefused(Duration.ofSeconds(17))
          .clock(Clock.fixed(NOW, ZoneOffset.UTC))
          .build();

  @Test
  void success_namesTheIdOfEachMessage() {
    String text =
        "{\"Response\":{\"MessageId\":[\"datahub-x:t:0:1\",\"6461\"],\"RequestId\":\"r\"}}";

    assertThat(response(200, text))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> {
              assertThat(accepted.messageIds()).containsExactly("datahub-x:t:0:1", "6461");
              assertThat(accepted.keepsConnection()).isTrue();
            });
  }

  /** "retry" was not stored, "retry?" may have been, "later" waits long. */
  @ParameterizedTest
  @CsvSource({
    "RequestLimitExceeded, retry",
    "RequestLimitExceeded.UinLimitExceeded, retry",
    "AuthFailure.SignatureExpire, reauthenticate",
    "AuthFailure.TokenFailure, reauthenticate",
    "InternalError, retry?",
    "InternalError.SystemError, retry?",
    "ResourceUnavailable, retry?",
    "ResourceUnavailable.Any, retry?",
    "FailedOperation, later",
    "FailedOperation.Any, later",
    "OperationDenied, later",
    "OperationDenied.Any, later",
    "LimitExceeded, later",
    "LimitExceeded.Any, later",
    "AuthFailure.SecretIdNotFound, rejected",
    "AuthFailure.SignatureFailure, rejected",
    "UnauthorizedOperation, rejected",
    "InvalidParameter, rejected",
    "InvalidParameterValue.InstanceNotExist, rejected",
    "MissingParameter, rejected",
    "ResourceNotFound, rejected",
    "RequestSizeLimitExceeded, content",
    "NewCode.OfSomeLaterVersion, rejected"
  })
  void error_ofEachClass_meansWhatItsCodeSays(String code, String meaning) {
    Verdict verdict = response(200, error(code, "words"));

    assertThat(meaning(verdict)).isEqualTo(meaning);
    assertThat(verdict.code()).isEqualTo(code);
  }

  private static String meaning(Verdict verdict) {
    if (verdict instanceof Retry retry) {
      return retry.retryAfter().map(wait -> waitingFor(wait, retry)).orElse("retry")
          + (retry.mayHaveBeenStored() ? "?" : "");
    }
    return verdict instanceof Reauthenticate
        ? "reauthenticate"
        : verdict instanceof Rejected rejected && !rejected.mayHaveBeenStored()
            ? rejected.isContentAtFault() ? "content" : "rejected"
            : verdict instanceof Split ? "split" : "accepted";
  }

  private static String waitingFor(Duration wait, Retry retry) {
    return wait.equals(Duration.ofSeconds(17)) ? "later" : retry.toString();
  }

  private static String error(String code, String message) {
    return "{\"Response\":{\"Error\":{\"Code\":\""
        + code
        + "\",\"Message\":\""
        + message
        + "\"},\"RequestId\":\"20e995ed-75b9\"}}";
  }

  @Test
  void error_aboutTheService_showsItsTextOnOneLine() {
    assertThat(response(200, error("FailedOperation", "paused\\nINFO forged")))
        .isInstanceOfSatisfying(
            Retry.class,
            retry ->
                assertThat(retry.reason())
                    .isEqualTo("RequestId 20e995ed-75b9; paused INFO forged"));
  }

  @Test
  void error_thatMayQuoteTheRequest_showsItsCodeAndRequestIdOnly() {
    assertThat(response(200, error("InvalidParameterValue", "the value 'TOPSECRET' is wrong")))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected ->
                assertThat(rejected.reason())
                    .doesNotContain("TOPSECRET")
                    .startsWith("RequestId 20e995ed-75b9"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "ok",
        "\"Response\"",
        "{\"Response\":null}",
        "{\"Response\":{}}",
        "{\"Response\":[]}",
        "{\"Response\":{\"RequestId\":\"r\"}}",
        "{\"Response\":{\"MessageId\":[]}}",
        "{\"Response\":{\"MessageId\":null}}",
        "{\"Response\":{\"MessageId\":\"a\"}}",
        "{\"Response\":{\"MessageId\":{\"a\":\"b\"}}}",
        "{\"Response\":{\"MessageId\":[\"a\",1]}}",
        "{\"Response\":{\"MessageId\":[\"a\"]}} and more",
        "{\"Response\":{\"MessageId\":[\"a\"",
        "{\"response\":{\"MessageId\":[\"a\"]}}",
        "{\"Response\":{\"Error\":{}}}",
        "{\"Response\":{\"Error\":{\"Code\":7},\"MessageId\":[\"a\"]}}",
        "{\"Response\":{\"Error\":{\"Code\":\"a b\\nc\"}}}",
        "<html>200</html>"
      })
  void answer_thatSaysNeither_isAnUnknownOutcome(String text) {
    Verdict verdict = response(200, text);

    assertThat(meaning(verdict)).as(verdict.toString()).isEqualTo("retry?");
    assertThat(verdict.code()).isEqualTo("HTTP 200");
  }

  @Test
  void answer_thatWasCut_isAnUnknownOutcome() {
    byte[] whole = "{\"Response\":{\"MessageId\":[\"a\"]}}".getBytes(UTF_8);

    assertThat(meaning(protocol.classify(Response.status(200).body(whole).truncated(true).build())))
        .isEqualTo("retry?");
  }

  @Test
  void answer_nestedEndlessly_isAnUnknownOutcome() {
    assertThat(meaning(response(200, "{\"Response\":" + "[".repeat(50_000)))).isEqualTo("retry?");
  }

  @ParameterizedTest
  @CsvSource({
    "500, retry?",
    "502, retry?",
    "503, retry?",
    "504, retry?",
    "413, split",
    "302, rejected",
    "400, rejected",
    "401, rejected",
    "404, retry",
    "429, retry"
  })
  void status_otherThan200_meansWhatItSays(int status, String meaning) {
    assertThat(meaning(response(status, error("InternalError", "")))).isEqualTo(meaning);
  }

  @Test
  void ids_of500Messages_areRead() {
    String ids = String.join(",", IntStream.range(0, 500).mapToObj(i -> "\"" + i + "\"").toList());

    assertThat(response(200, "{\"Response\":{\"MessageId\":[" + ids + "]}}"))
        .isInstanceOfSatisfying(Accepted.class, a -> assertThat(a.messageIds()).hasSize(500));
  }

  private Verdict response(int status, String text) {
    return protocol.classify(
        Response.status(status).headers(Map.of()).body(text.getBytes(UTF_8)).build());
  }
}
