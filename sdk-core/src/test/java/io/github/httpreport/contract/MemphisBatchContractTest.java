package io.github.httpreport.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.contract.ErrorResponse.Meaning;
import io.github.httpreport.memphis.MemphisProtocol;
import io.github.httpreport.protocol.WireProtocol;
import java.util.stream.Stream;

/** Many messages in a request, of which the server may keep some when it fails. */
class MemphisBatchContractTest extends MemphisContractTest {

  @Override
  WireProtocol protocol() {
    return MemphisProtocol.builder().station("orders").user("app", () -> PASSWORD).batch().build();
  }

  @Override
  String body(String text) {
    return "{\"text\":\"" + text + "\"}";
  }

  /** The server escapes some characters that JSON need not escape. */
  @Override
  String given(String stored) {
    try {
      return new ObjectMapper().readTree(stored).toString();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  Stream<ErrorResponse> errorResponses() {
    return Stream.of(
        error("500 Internal Server Error", JSON, "{\"message\":\"Server error\"}", Meaning.RETRIED),
        error("503 Service Unavailable", "", "", Meaning.RETRIED),
        failures("nats: stalled with 256 messages", Meaning.RETRIED_UNCLEAR),
        failures("nats: timeout", Meaning.RETRIED_UNCLEAR),
        error("401 Unauthorized", JSON, "{\"message\":\"Unauthorized\"}", Meaning.REAUTHENTICATED),
        error("413 Request Entity Too Large", "", "", Meaning.SPLIT),
        error("500 Internal Server Error", TEXT, "unsupported request", Meaning.REJECTED),
        counts(0, Meaning.REJECTED),
        counts(1, Meaning.REJECTED_UNCLEAR),
        failures("nats: maximum payload exceeded", Meaning.REJECTED_UNCLEAR));
  }

  private static ErrorResponse failures(String text, Meaning meaning) {
    String body = "{\"error\":[\"" + text + "\"],\"success\":false}";
    return error("500 Internal Server Error", JSON, body, meaning);
  }

  private static ErrorResponse counts(int sent, Meaning meaning) {
    String body =
        "{\"errors\":[\"Schema validation has failed\"],\"fail\":2,\"sent\":"
            + sent
            + ",\"success\":false}";
    return error("400 Bad Request", JSON, body, meaning);
  }
}
