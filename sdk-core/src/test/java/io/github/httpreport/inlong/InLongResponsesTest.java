package io.github.httpreport.inlong;

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
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of the DataProxy's answers, row by row. */
class InLongResponsesTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String IDLE_FAREWELL =
      "{\"code\":\"2147483647\",\"msg\":\"Process message failure: null\"}";

  private final InLongProtocol protocol =
      InLongProtocol.builder().clock(Clock.fixed(NOW, ZoneOffset.UTC)).build();

  /** "retry" was not stored, "retry?" may have been; then the code and the reason. */
  @ParameterizedTest(name = "{0}: {1} {2} -> {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      emptyValue = "",
      textBlock =
          """
          success                      | 200 | {"code":"0","msg":"Ok"}                                                                                 | accepted 0
          groupId missing or blank     | 200 | {"code":"100","msg":"Field groupId must exist and not blank!"}                                         | rejected 100 Field groupId must exist and not blank!
          streamId missing or blank    | 200 | {"code":"101","msg":"Field streamId must exist and not blank!"}                                        | rejected 101 Field streamId must exist and not blank!
          body missing                 | 200 | {"code":"103","msg":"Field body is not exist!"}                                                        | rejected 103 Field body is not exist!
          body blank                   | 200 | {"code":"111","msg":"Field body is Blank!"}                                                            | rejected 111 Field body is Blank!
          topic not configured         | 200 | {"code":"115","msg":"Topic not configured for groupId(nope),streamId(,test_stream)"}                   | rejected 115 Topic not configured for groupId(nope),streamId(,test_stream)
          decoded body too long        | 200 | {"code":"104","msg":"Body length over limit"}                                                          | split 104 Body length over limit
          entity too large             | 413 | ``                                                                                                     | split HTTP 413 HTTP 413, no content type, 0 bytes
          Content-Type with a charset  | 200 | {"code":"36","msg":"Only support [application/x-www-form-urlencoded] content type!"}                   | rejected 36 Only support [application/x-www-form-urlencoded] content type!
          another path                 | 200 | {"code":"35","msg":"Not supported uri"}                                                                | rejected 35 Not supported uri
          PUT, HEAD, OPTIONS           | 200 | {"code":"32","msg":"Not supported method"}                                                             | rejected 32 Not supported method
          garbage                      | 200 | {"code":"31","msg":"Decode request failure"}                                                           | rejected 31 Decode request failure
          %zz, with the body echoed    | 200 | {"code":"2147483647","msg":"Process message failure: bad %zz in groupId=g&body=secret"}                | retry? 2147483647 Process message failure
          failure, echo without colon  | 200 | {"code":"2147483647","msg":"Process message failure groupId=g&body=secret"}                            | retry? 2147483647 Process message failure
          failure, echo starts as null | 200 | {"code":"2147483647","msg":"Process message failure: null groupId=g&body=secret"}                      | retry? 2147483647 Process message failure
          failure in other words       | 200 | {"code":"2147483647","msg":"groupId=g&body=secret"}                                                    | retry? 2147483647
          failure after an echo        | 200 | {"code":"999","msg":"secret: Process message failure: secret"}                                         | retry? 999 Process message failure
          idle text, new connection    | 200 | {"code":"2147483647","msg":"Process message failure: null"}                                            | retry? 2147483647 Process message failure: null
          queue behind it not ready    | 200 | {"code":"1","msg":"Service sink not ready"}                                                            | retry 1 Service sink not ready
          service closed               | 200 | {"code":"2","msg":"Service closed"}                                                                    | retry 2 Service closed
          configuration not ready      | 200 | {"code":"3","msg":"Service config not ready"}                                                          | retry 3 Service config not ready
          queue full                   | 200 | {"code":"114","msg":"Put HTTP event to channel failure: full"}                                         | retry 114 Put HTTP event to channel failure: full
          no producer                  | 200 | {"code":"116","msg":"No producer"}                                                                     | retry 116 No producer
          producer null                | 200 | {"code":"117","msg":"Producer is null"}                                                                | retry 117 Producer is null
          send to MQ failed            | 200 | {"code":"118","msg":"Send to MQ failure"}                                                              | retry? 118 Send to MQ failure
          MQ error                     | 200 | {"code":"119","msg":"MQ return error"}                                                                 | retry? 119 MQ return error
          duplicated message           | 200 | {"code":"120","msg":"Duplicated message"}                                                              | accepted 120
          a code of some later version | 200 | {"code":"4711","msg":"New"}                                                                            | retry? 4711 New
          a code that is a word        | 200 | {"code":"E_BUSY","msg":"New"}                                                                          | retry? E_BUSY New
          a negative code              | 200 | {"code":-1,"msg":"New"}                                                                                | retry? -1 New

          code is a number             | 200 | {"code":0,"msg":"Ok"}                                                                                  | retry? HTTP 200 HTTP 200, no content type, 21 bytes
          another server's success     | 200 | {"code":0,"data":{"id":7}}                                                                             | retry? HTTP 200 HTTP 200, no content type, 26 bytes
          the same with a string       | 200 | {"code":"0","data":{"id":7}}                                                                           | retry? HTTP 200 HTTP 200, no content type, 28 bytes
          more than a DataProxy says   | 200 | {"code":"0","msg":"Ok","data":"x"}                                                                     | retry? HTTP 200 HTTP 200, no content type, 34 bytes
          a success cut in its words   | 200 | {"code":"0","msg":"Ok                                                                                  | retry? HTTP 200 HTTP 200, no content type, 21 bytes
          duplicate, another server's  | 200 | {"code":120,"msg":"Duplicated message"}                                                                | retry? HTTP 200 HTTP 200, no content type, 39 bytes
          quote in a duplicate's words | 200 | {"code":"120","msg":"Duplicated message of group(a"b)"}                                                | accepted 120
          code is a number alone       | 200 | {"code":114}                                                                                           | retry 114
          white space                  | 200 | { "code" : "0" , "msg" : "Ok" }                                                                        | accepted 0
          white space around words     | 200 | { "code" : "100" , "msg" : "no" }                                                                      | rejected 100 no
          quote in the message         | 200 | {"code":"115","msg":"Topic not configured for groupId(a"b),streamId(,s)"}                              | rejected 115 Topic not configured for groupId(a"b),streamId(,s)
          quote and brace in it        | 200 | {"code":"100","msg":"a"},"code":"0"}                                                                   | rejected 100 a"},"code":"0
          cut in the message           | 200 | {"code":"114","msg":"Put HTTP ev                                                                       | retry 114 Put HTTP ev
          cut after the code           | 200 | {"code":"0"                                                                                            | retry? HTTP 200 HTTP 200, no content type, 11 bytes
          message is null              | 200 | {"code":"100","msg":null}                                                                              | rejected 100

          cut in the code              | 200 | {"code":"10                                                                                            | retry? HTTP 200 HTTP 200, no content type, 11 bytes
          cut in a number              | 200 | {"code":10                                                                                             | retry? HTTP 200 HTTP 200, no content type, 10 bytes
          a number with a fraction     | 200 | {"code":0.5}                                                                                           | retry? HTTP 200 HTTP 200, no content type, 12 bytes
          code is null                 | 200 | {"code":null}                                                                                          | retry? HTTP 200 HTTP 200, no content type, 13 bytes
          no code                      | 200 | {"msg":"Ok"}                                                                                           | retry? HTTP 200 HTTP 200, no content type, 12 bytes
          code quoted in the message   | 200 | {"msg":"\\"code\\":\\"0\\""}                                                                           | retry? HTTP 200 HTTP 200, no content type, 24 bytes
          wrapped in a call            | 200 | cb({"code":"0","msg":"Ok"})                                                                            | retry? HTTP 200 HTTP 200, no content type, 27 bytes
          an array                     | 200 | ["code"]                                                                                               | retry? HTTP 200 HTTP 200, no content type, 8 bytes
          empty                        | 200 | ``                                                                                                     | retry? HTTP 200 HTTP 200, no content type, 0 bytes
          HTML                         | 200 | <html>secret</html>                                                                                    | retry? HTTP 200 HTTP 200, no content type, 19 bytes

          no content                   | 204 | ``                                                                                                     | retry? HTTP 204 HTTP 204, no content type, 0 bytes
          several choices              | 300 | ``                                                                                                     | rejected HTTP 300 HTTP 300, no content type, 0 bytes
          moved                        | 302 | ``                                                                                                     | rejected HTTP 302 HTTP 302, no content type, 0 bytes
          not modified                 | 304 | ``                                                                                                     | rejected HTTP 304 HTTP 304, no content type, 0 bytes
          bad request                  | 400 | <html>secret</html>                                                                                    | rejected HTTP 400 HTTP 400, no content type, 19 bytes
          unauthorized                 | 401 | ``                                                                                                     | rejected HTTP 401 HTTP 401, no content type, 0 bytes
          forbidden                    | 403 | ``                                                                                                     | rejected HTTP 403 HTTP 403, no content type, 0 bytes
          not found                    | 404 | ``                                                                                                     | retry HTTP 404 HTTP 404, no content type, 0 bytes
          proxy wants a login          | 407 | ``                                                                                                     | rejected HTTP 407 HTTP 407, no content type, 0 bytes
          request timeout              | 408 | ``                                                                                                     | retry? HTTP 408 HTTP 408, no content type, 0 bytes
          too many requests            | 429 | ``                                                                                                     | retry HTTP 429 HTTP 429, no content type, 0 bytes
          server error                 | 500 | {"code":"0","msg":"Ok"}                                                                                | retry? HTTP 500 HTTP 500, no content type, 23 bytes
          bad gateway                  | 502 | <html>secret</html>                                                                                    | retry? HTTP 502 HTTP 502, no content type, 19 bytes
          unavailable                  | 503 | ``                                                                                                     | retry HTTP 503 HTTP 503, no content type, 0 bytes
          gateway timeout              | 504 | ``                                                                                                     | retry? HTTP 504 HTTP 504, no content type, 0 bytes
          """)
  void classify_answerOfTheTable_isItsVerdict(
      String row, int status, String body, String expected) {
    assertThat(shown(protocol.classify(response(status, body).build())))
        .as(row)
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        10, 31, 32, 33, 34, 35, 36, 94, 95, 96, 100, 101, 102, 107, 108, 109, 110, 112, 113, 115,
        121, 122, 123, 150, 151
      })
  void classify_codeThatBlamesTheRequest_isRejected(int code) {
    assertThat(protocol.classify(code(code).build()))
        .isEqualTo(Rejected.of(Integer.toString(code), "why"));
  }

  @ParameterizedTest
  @ValueSource(ints = {103, 105, 106, 111})
  void classify_codeThatBlamesTheBody_isRejectedForItsContent(int code) {
    assertThat(protocol.classify(code(code).build()))
        .isEqualTo(Rejected.content(Integer.toString(code), "why"));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 9, 11, 30, 37, 93, 97, 99, 124, 149, 152})
  void classify_codeThatNobodyKnows_isRetriedAndMayBeStored(int code) {
    assertThat(protocol.classify(code(code).build()))
        .isEqualTo(Retry.of(Integer.toString(code), "why").maybeStored());
  }

  @Test
  void classify_success_isAlwaysTheSameVerdict() {
    Response success = response(200, "{\"code\":\"0\",\"msg\":\"Ok\"}").build();

    assertThat(protocol.classify(success)).isSameAs(protocol.classify(success));
  }

  @Test
  void classify_unknownTopicWhenAskedToRetry_isRetriedAndNotStored() {
    InLongProtocol patient = InLongProtocol.builder().retryUnknownTopic(true).build();

    assertThat(patient.classify(code(115).build())).isEqualTo(Retry.of("115", "why").nodeHealthy());
  }

  @Test
  void classify_idleTextOnReusedConnection_wasNotStored() {
    Response response = response(200, IDLE_FAREWELL).reusedConnection(true).build();

    assertThat(shown(protocol.classify(response)))
        .isEqualTo("retry 2147483647 Process message failure: null");
  }

  @Test
  void classify_almostTheIdleTextOnReusedConnection_mayBeStored() {
    Response response = response(200, IDLE_FAREWELL + " ").reusedConnection(true).build();

    assertThat(shown(protocol.classify(response))).startsWith("retry? 2147483647");
  }

  @Test
  void classify_byteOrderMark_isOverlooked() {
    assertThat(shown(protocol.classify(response(200, "\uFEFF\r\n{\"code\":\"114\"}").build())))
        .isEqualTo("retry 114");
  }

  @Test
  void classify_truncatedAnswer_isReadFromItsStart() {
    Response response = response(200, "{\"code\":\"1\",\"msg\":\"not rea").truncated(true).build();

    assertThat(shown(protocol.classify(response))).isEqualTo("retry 1 not rea");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":\"0\",\"msg\":\"Ok\"}",
        "{\"code\":\"0\",\"msg\":\"",
        "{\"code\":\"120\",\"msg\":\"Duplicated message\"}"
      })
  void classify_truncatedSuccess_mayBeStoredAndIsNoSuccess(String start) {
    assertThat(shown(protocol.classify(response(200, start).truncated(true).build())))
        .isEqualTo(
            "retry? HTTP 200 HTTP 200, no content type, " + start.length() + " bytes and more");
  }

  @Test
  void classify_echoOfALargeBody_isNotShown() {
    String echo =
        "{\"code\":\"2147483647\",\"msg\":\"Process message failure: " + "s".repeat(60_000);

    Verdict verdict = protocol.classify(response(200, echo).truncated(true).build());

    assertThat(shown(verdict)).isEqualTo("retry? 2147483647 Process message failure");
  }

  @Test
  void classify_longMessage_isCutBetweenCharacters() {
    String text = "x".repeat(399) + "\uD83D\uDE00" + "y".repeat(500);

    Verdict verdict =
        protocol.classify(response(200, "{\"code\":\"100\",\"msg\":\"" + text + "\"}").build());

    assertThat(((Rejected) verdict).reason()).isEqualTo("x".repeat(399) + "...");
  }

  @Test
  void classify_messageOfTheLongestLength_isShownWhole() {
    String text = "x".repeat(400);

    Verdict verdict =
        protocol.classify(response(200, "{\"code\":\"100\",\"msg\":\"" + text + "\"}").build());

    assertThat(verdict).isEqualTo(Rejected.of("100", text));
  }

  @Test
  void classify_controlCharactersInMessage_staysOnOneLine() {
    String text = "a\r\nb\u001b[31mc\u2028d\u202ee\u0085f";

    Verdict verdict =
        protocol.classify(response(200, "{\"code\":\"100\",\"msg\":\"" + text + "\"}").build());

    assertThat(verdict).isEqualTo(Rejected.of("100", "a  b [31mc d e f"));
  }

  @Test
  void classify_answerOfAGateway_isTypeAndSizeOnly() {
    Response response =
        response(502, "<html>secret</html>")
            .headers(Map.of("content-type", "text/html"))
            .truncated(true)
            .build();

    assertThat(shown(protocol.classify(response)))
        .isEqualTo("retry? HTTP 502 HTTP 502, text/html, 19 bytes and more");
  }

  @ParameterizedTest(name = "{0} at {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0                             |                               | PT0S
          7                             |                               | PT7S
          86400                         |                               | PT24H
          86401                         |                               | PT24H
          999999999999999999            |                               | PT24H
          Fri, 02 Jan 2026 03:04:35 GMT |                               | PT30S
          Fri, 02 Jan 2026 03:04:35 GMT | Fri, 02 Jan 2026 03:04:15 GMT | PT20S
          Fri, 02 Jan 2026 03:04:35 GMT | yesterday                     | PT30S
          Fri, 02 Jan 2026 03:04:04 GMT |                               | PT0S
          Sun, 02 Jan 2028 03:04:35 GMT |                               | PT24H
          9999999999999999999           |                               |
          -1                            |                               |
          1.5                           |                               |
          soon                          |                               |
          """)
  void classify_retryAfter_isSecondsOrDate(String value, String date, Duration expected) {
    Map<String, String> headers =
        date == null ? Map.of("retry-after", value) : Map.of("retry-after", value, "date", date);

    Verdict verdict = protocol.classify(response(503, "").headers(headers).build());

    assertThat(((Retry) verdict).retryAfter()).isEqualTo(Optional.ofNullable(expected));
  }

  @Test
  void classify_heartbeatOfAHealthyNode_isAccepted() {
    assertThat(protocol.classify(response(200, "{\"code\":\"0\",\"msg\":\"Ok\"}").build()))
        .isEqualTo(Accepted.of("0"));
  }

  private static Response.Builder code(int code) {
    return response(200, "{\"code\":\"" + code + "\",\"msg\":\"why\"}");
  }

  private static Response.Builder response(int status, String body) {
    return Response.status(status).body(body.getBytes(UTF_8));
  }

  private static String shown(Verdict verdict) {
    String text;
    if (verdict instanceof Accepted accepted) {
      text = "accepted " + accepted.code();
    } else if (verdict instanceof Retry retry) {
      String stored = retry.mayHaveBeenStored() ? "retry? " : "retry ";
      text = stored + retry.code() + ' ' + retry.reason();
    } else if (verdict instanceof Split split) {
      text = "split " + split.code() + ' ' + split.reason();
    } else if (verdict instanceof Rejected rejected) {
      text = "rejected " + rejected.code() + ' ' + rejected.reason();
    } else {
      text = "unexpected " + ((Reauthenticate) verdict).code();
    }
    return text.stripTrailing();
  }
}
