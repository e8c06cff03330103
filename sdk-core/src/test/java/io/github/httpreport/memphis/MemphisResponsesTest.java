package io.github.httpreport.memphis;

import static io.github.httpreport.memphis.FakeGateway.response;
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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemphisResponsesTest {

  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final MemphisResponses single = new MemphisResponses(false, Clock.systemUTC());
  private final MemphisResponses batch = new MemphisResponses(true, Clock.systemUTC());

  private static String failure(String error) {
    return "{\"error\":\"" + error + "\",\"success\":false}";
  }

  private static String batchFailure(String error) {
    return "{\"error\":[\"" + error + "\"],\"success\":false}";
  }

  private static Retry retry(int status, String text, boolean stored) {
    return (stored
        ? Retry.of("HTTP " + status, text).maybeStored()
        : Retry.of("HTTP " + status, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":null,\"success\":true}",
        "{ \"success\" : true, \"error\" : null }\n",
        "{\"success\":true}"
      })
  void classify_success_isAccepted(String body) {
    assertThat(single.classify(response(200, JSON, body))).isEqualTo(Accepted.of("HTTP 200"));
    assertThat(batch.classify(response(200, JSON, body))).isEqualTo(Accepted.of("HTTP 200"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ok",
        "{}",
        "[]",
        "null",
        "{\"success\":null}",
        "{\"success\":\"true\",\"error\":{}}",
        "{\"error\":null,\"success\":true",
        "{\"error\":null,\"success\":true}{}",
        "<html>success</html>"
      })
  void classify_200WithoutASuccess_isAnUnknownOutcome(String body) {
    assertThat(single.classify(response(200, JSON, body)))
        .isInstanceOfSatisfying(
            Retry.class, verdict -> assertThat(verdict.mayHaveBeenStored()).isTrue());
  }

  @Test
  void classify_success_cutOff_isAnUnknownOutcome() {
    Response cut =
        Response.status(200)
            .body("{\"error\":null,\"success\":true}".getBytes(UTF_8))
            .truncated(true)
            .build();

    assertThat(single.classify(cut))
        .isInstanceOfSatisfying(
            Retry.class, verdict -> assertThat(verdict.mayHaveBeenStored()).isTrue());
  }

  @Test
  void classify_200ThatSaysFailure_isNoSuccess() {
    assertThat(single.classify(response(200, JSON, failure("not allowed"))))
        .isEqualTo(Rejected.of("HTTP 200", "not allowed"));
    assertThat(single.classify(response(200, JSON, failure("what is this"))))
        .isEqualTo(retry(200, "HTTP 200, application/json, 40 bytes", true));
  }

  /** Of one message alone it is that message; of a batch nobody knows which it is. */
  @Test
  void classify_tooLargeForTheBroker_isTooLargeWhereItIsOneMessage() {
    String text = "memphis: maximum payload exceeded";

    assertThat(single.classify(response(500, JSON, failure(text))))
        .isEqualTo(Split.of("HTTP 500", text));
    assertThat(batch.classify(response(500, JSON, batchFailure(text))))
        .isEqualTo(Rejected.content("HTTP 500", text).maybeStored());
  }

  /** Nothing was stored, of a batch neither, and the node is well. */
  @Test
  void classify_stationBeingMade_isRetriedWithoutBlame() {
    Retry expected =
        Retry.of("HTTP 500", "another request is making the station, which already exists")
            .nodeHealthy();
    String text = "Stationorders already exists";

    assertThat(single.classify(response(500, JSON, failure(text)))).isEqualTo(expected);
    assertThat(batch.classify(response(500, JSON, failure(text)))).isEqualTo(expected);
    assertThat(batch.classify(response(500, JSON, batchFailure(text)))).isEqualTo(expected);
    assertThat(single.classify(response(500, JSON, failure("Consumer already exists"))))
        .isInstanceOfSatisfying(Retry.class, retry -> assertThat(retry.isNodeHealthy()).isFalse());
  }

  /** As recorded where the broker stalls or is away. */
  @Test
  void classify_brokerThatStallsOrIsAway_isRetried() {
    String stalled = "memphis: stalled with too many outstanding async published messages";

    assertThat(single.classify(response(500, JSON, failure(stalled))))
        .isEqualTo(retry(500, stalled, false));
    assertThat(batch.classify(response(500, JSON, batchFailure(stalled))))
        .isEqualTo(retry(500, stalled, true));
    assertThat(single.classify(response(500, JSON, failure("Server error"))))
        .isEqualTo(retry(500, "Server error", false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // status | error | the words told | the content is at fault, of one message
        "400 | Schema validation has failed: got \\\"body\\\" | schema validation | true",
        "400 | memphis: Schema validation has failed: body | schema validation | true",
        "500 | Producer creation is not allowed: body | not allowed | false",
        "400 | anything else, body | HTTP 400, application/json, 47 bytes | false",
        "400 | unsupported request, timeout | unsupported request | true"
      })
  void classify_permanentFailure_isRejected(
      int status, String error, String text, boolean contentAtFault) {
    assertThat(single.classify(response(status, JSON, failure(error))))
        .isEqualTo(
            (contentAtFault
                ? Rejected.content("HTTP " + status, text)
                : Rejected.of("HTTP " + status, text)));
    assertThat(batch.classify(response(status, JSON, batchFailure(error))))
        .isInstanceOfSatisfying(
            Rejected.class,
            verdict -> {
              assertThat(verdict.mayHaveBeenStored()).isTrue();
              assertThat(verdict.reason()).doesNotContain("body");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | nats: stalled with 256 messages | nats: stalled with 256 messages | false",
        "500 | memphis: no responders available for request"
            + " | memphis: no responders available for request | false",
        "400 | no responders for body | no responders | false",
        "500 | nats: timeout | nats: timeout | true",
        "500 | NATS: Connection closed | NATS: Connection closed | true",
        "500 | Connection does not exists | connection | true",
        "500 | something new about body | HTTP 500, application/json, 52 bytes | true",
        "503 | upstream timeout | timeout | true",
        "502 | Internal server error | server error | true"
      })
  void classify_transientFailure_isTriedAgain(
      int status, String error, String text, boolean stored) {
    assertThat(single.classify(response(status, JSON, failure(error))))
        .isEqualTo(retry(status, text, stored));
    assertThat(batch.classify(response(status, JSON, batchFailure(error))))
        .isInstanceOfSatisfying(
            Retry.class,
            verdict -> {
              assertThat(verdict.mayHaveBeenStored()).isTrue();
              assertThat(verdict.reason()).doesNotContain("body");
            });
  }

  @Test
  void classify_failureBeforeTheFirstMessage_hasStoredNothing() {
    for (MemphisResponses each : new MemphisResponses[] {single, batch}) {
      assertThat(each.classify(response(500, JSON, failure("Server error"))))
          .isEqualTo(retry(500, "Server error", false));
      assertThat(each.classify(response(500, JSON, "{\"message\":\"Server error\"}")))
          .isEqualTo(retry(500, "Server error", false));
      assertThat(each.classify(response(500, TEXT, "unsupported content type")))
          .isEqualTo(Rejected.of("HTTP 500", "unsupported content type"));
      assertThat(each.classify(response(500, TEXT, "unsupported request")))
          .isEqualTo(Rejected.content("HTTP 500", "unsupported request"));
    }
  }

  @Test
  void classify_textOfTheBrokersClient_isUnderstood() {
    assertThat(single.classify(response(500, TEXT, "memphis: timeout")))
        .isEqualTo(retry(500, "memphis: timeout", true));
    assertThat(single.classify(response(500, TEXT, "out of order")))
        .isEqualTo(retry(500, "HTTP 500, " + TEXT + ", 12 bytes", true));
  }

  @Test
  void classify_countsOfTheOldVersion_showWhetherAnyWasStored() {
    String some =
        "{\"errors\":[\"timeout of body\",\"Schema validation has failed: body\"],\"fail\":2,"
            + "\"sent\":1,\"success\":false}";
    String none =
        "{\"errors\":[\"Schema validation has failed: body\"],\"fail\":1,\"sent\":0,"
            + "\"success\":false}";
    String stalled =
        "{\"errors\":[\"nats: stalled with 256 messages\"],\"fail\":1,\"sent\":0,"
            + "\"success\":false}";

    assertThat(batch.classify(response(400, JSON, some)))
        .isEqualTo(Rejected.content("HTTP 400", "schema validation; 1 sent").maybeStored());
    assertThat(batch.classify(response(400, JSON, none)))
        .isEqualTo(Rejected.content("HTTP 400", "schema validation; 0 sent"));
    assertThat(batch.classify(response(400, JSON, stalled)))
        .isEqualTo(retry(400, "nats: stalled with 256 messages; 0 sent", false));
  }

  @Test
  void classify_oldestForm_countsInItsText() {
    String text = "send failed for 1/2 messages, last error: Schema validation has failed: body";

    assertThat(batch.classify(response(400, JSON, failure(text))))
        .isEqualTo(Rejected.content("HTTP 400", "schema validation").maybeStored());
  }

  @Test
  void classify_statusesThatSpeakForThemselves() {
    assertThat(single.classify(response(401, JSON, "{\"message\":\"Unauthorized\"}")))
        .isEqualTo(Reauthenticate.of("HTTP 401", "the gateway does not take the token"));
    assertThat(single.classify(response(413, TEXT, "Request Entity Too Large")))
        .isInstanceOf(Split.class);
    assertThat(single.classify(response(431, TEXT, "Too big request header")))
        .isInstanceOfSatisfying(
            Rejected.class, verdict -> assertThat(verdict.code()).isEqualTo("HTTP 431"));
    assertThat(single.classify(response(301, TEXT, "timeout"))).isInstanceOf(Rejected.class);
    assertThat(single.classify(response(404, TEXT, "Cannot POST /"))).isInstanceOf(Retry.class);
    assertThat(single.classify(response(403, JSON, "{\"message\":\"stalled\"}")))
        .isInstanceOf(Rejected.class);
  }

  @Test
  void classify_400ThatCannotBeRead_ofABatchMayHaveStored() {
    assertThat(batch.classify(response(400, JSON, "{\"error\":[\"Schema")))
        .isEqualTo(Rejected.of("HTTP 400", "HTTP 400, application/json, 17 bytes").maybeStored());
    assertThat(single.classify(response(400, JSON, "{\"error\":[\"Schema")))
        .isEqualTo(Rejected.of("HTTP 400", "HTTP 400, application/json, 17 bytes"));
  }

  @Test
  void classify_retryAfter_isReturned() {
    Response response =
        Response.status(500)
            .headers(Map.of("content-type", JSON, "retry-after", "7"))
            .body(failure("nats: timeout").getBytes(UTF_8))
            .build();

    assertThat(single.classify(response))
        .isEqualTo(
            Retry.of("HTTP 500", "nats: timeout").maybeStored().after(Duration.ofSeconds(7)));
  }

  @Test
  void classify_hostileResponses_neverThrow() {
    String deep = "[".repeat(60_000);
    String[] bodies = {
      deep, "{\"error\":" + deep, "\u0000", "{\"error\":[[\"timeout\"],7,null]}", "{\"sent\":1e99}"
    };

    for (String body : bodies) {
      for (int status : new int[] {200, 204, 299, 400, 401, 418, 500, 999}) {
        Verdict verdict = batch.classify(response(status, JSON, body));
        assertThat(verdict).as("status %s", status).isNotInstanceOf(Accepted.class);
      }
    }
  }
}
