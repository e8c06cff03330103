package io.github.httpreport.contract;

import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static io.github.httpreport.testsupport.ScriptedServer.response;

import io.github.httpreport.contract.ErrorResponse.Meaning;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.testkit.LocalEkuiper;
import io.github.httpreport.testkit.ReceivedTuple;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

class EkuiperContractTest extends ProtocolContract {

  @Override
  WireProtocol protocol() {
    return EkuiperProtocol.builder()
        .path("/api/data")
        .unknownPathDelay(Duration.ofMillis(1))
        .build();
  }

  @Override
  StandIn standIn() {
    LocalEkuiper server = LocalEkuiper.start("/api/data");
    return new StandIn() {
      @Override
      public String address() {
        return server.address();
      }

      @Override
      public List<String> bodies() {
        return server.tuples().stream().map(ReceivedTuple::json).toList();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }

  @Override
  String body(String text) {
    return "{\"text\":\"" + text + "\"}";
  }

  @Override
  String success(String request) {
    return ok("ok");
  }

  @Override
  Stream<ErrorResponse> errorResponses() {
    return Stream.of(
        error("404 Not Found", "404 page not found\n", Meaning.RETRIED),
        error("429 Too Many Requests", "", Meaning.RETRIED),
        error("503 Service Unavailable", "", Meaning.RETRIED),
        error("500 Internal Server Error", "", Meaning.RETRIED_UNCLEAR),
        error("504 Gateway Timeout", "", Meaning.RETRIED_UNCLEAR),
        new ErrorResponse("OK", ok("OK"), Meaning.RETRIED_UNCLEAR, "HTTP 200"),
        new ErrorResponse("ok with more", ok("ok\n"), Meaning.RETRIED_UNCLEAR, "HTTP 200"),
        error("413 Request Entity Too Large", "", Meaning.SPLIT),
        error("301 Moved Permanently", "", Meaning.REJECTED),
        error("400 Bad Request", "Fail to decode data: EOF\n", Meaning.REJECTED),
        error("401 Unauthorized", "", Meaning.REJECTED),
        error("405 Method Not Allowed", "", Meaning.REJECTED));
  }

  private static ErrorResponse error(String status, String body, Meaning meaning) {
    return new ErrorResponse(
        status, response(status, body), meaning, "HTTP " + status.substring(0, 3));
  }
}
