package io.github.httpreport.contract;

import static io.github.httpreport.testsupport.ScriptedServer.ok;

import io.github.httpreport.contract.ErrorResponse.Meaning;
import io.github.httpreport.memphis.MemphisProtocol;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.testkit.LocalMemphis;
import io.github.httpreport.testkit.MemphisMessage;
import java.util.List;
import java.util.stream.Stream;

/** One message in a request. */
class MemphisContractTest extends ProtocolContract {

  static final String PASSWORD = "open-sesame-4711";

  /** Its payload is {@code {"password":"open-sesame-4711"}}. */
  private static final String TOKEN =
      "eyJhbGciOiJIUzI1NiJ9.eyJwYXNzd29yZCI6Im9wZW4tc2VzYW1lLTQ3MTEifQ.c2lnbmF0dXJl";

  static final String JSON = "Content-Type: application/json\r\n";
  static final String TEXT = "Content-Type: text/plain; charset=utf-8\r\n";

  @Override
  WireProtocol protocol() {
    return MemphisProtocol.builder().station("orders").user("app", () -> PASSWORD).build();
  }

  @Override
  StandIn standIn() {
    LocalMemphis server = LocalMemphis.start();
    server.user("app", PASSWORD);
    return new StandIn() {
      @Override
      public String address() {
        return server.address();
      }

      @Override
      public List<String> bodies() {
        return server.stored().stream().map(MemphisMessage::body).map(each -> given(each)).toList();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }

  /** What a stored message was before the server touched it. */
  String given(String stored) {
    return stored;
  }

  @Override
  String body(String text) {
    return "text: " + text;
  }

  @Override
  boolean isReport(String request) {
    return !request.startsWith("POST /auth/authenticate ");
  }

  @Override
  List<String> secrets() {
    return List.of(PASSWORD, TOKEN, "Bearer");
  }

  @Override
  String success(String request) {
    return ok(
        isReport(request)
            ? "{\"error\":null,\"success\":true}"
            : "{\"expires_in\":900000,\"jwt\":\"" + TOKEN + "\"}");
  }

  @Override
  Stream<ErrorResponse> errorResponses() {
    return Stream.of(
        failure("nats: stalled with 256 messages", Meaning.RETRIED),
        failure("Server error", Meaning.RETRIED),
        error("503 Service Unavailable", "", "", Meaning.RETRIED),
        error("404 Not Found", TEXT, "Cannot POST /", Meaning.RETRIED),
        failure("nats: timeout", Meaning.RETRIED_UNCLEAR),
        failure("of another kind", Meaning.RETRIED_UNCLEAR),
        error("200 OK", JSON, "{\"success\":false}", Meaning.RETRIED_UNCLEAR),
        error("401 Unauthorized", JSON, "{\"message\":\"Unauthorized\"}", Meaning.REAUTHENTICATED),
        failure("nats: not allowed", Meaning.REJECTED),
        error("500 Internal Server Error", TEXT, "unsupported request", Meaning.REJECTED),
        error(
            "400 Bad Request",
            JSON,
            "{\"error\":\"Schema validation has failed\",\"success\":false}",
            Meaning.REJECTED),
        error("431 Request Header Fields Too Large", TEXT, "", Meaning.REJECTED),
        error("301 Moved Permanently", "", "", Meaning.REJECTED));
  }

  private static ErrorResponse failure(String text, Meaning meaning) {
    String body = "{\"error\":\"" + text + "\",\"success\":false}";
    return error("500 Internal Server Error", JSON, body, meaning);
  }

  static ErrorResponse error(String status, String headers, String body, Meaning meaning) {
    String response =
        "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n";
    return new ErrorResponse(
        status + ' ' + body, response + body, meaning, "HTTP " + status.substring(0, 3));
  }
}
