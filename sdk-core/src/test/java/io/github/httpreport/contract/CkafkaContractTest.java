package io.github.httpreport.contract;

import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static io.github.httpreport.testsupport.ScriptedServer.response;

import io.github.httpreport.ckafka.CkafkaCredentials;
import io.github.httpreport.ckafka.CkafkaProtocol;
import io.github.httpreport.contract.ErrorResponse.Meaning;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.testkit.DataHubMessage;
import io.github.httpreport.testkit.LocalDataHub;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

class CkafkaContractTest extends ProtocolContract {

  private static final String ID = "AKIDsecretid";
  private static final String KEY = "the-secret-key";
  private static final String TOKEN = "the-session-token";

  @Override
  WireProtocol protocol() {
    return CkafkaProtocol.builder()
        .dataHub("datahub-x")
        .credentials(CkafkaCredentials.temporary(ID, KEY, TOKEN))
        .region("ap-guangzhou")
        .pauseWhenRefused(Duration.ofMillis(1))
        .build();
  }

  @Override
  StandIn standIn() {
    LocalDataHub hub = LocalDataHub.builder().credentials(ID, KEY, TOKEN).start();
    return new StandIn() {
      @Override
      public String address() {
        return hub.address();
      }

      @Override
      public List<String> bodies() {
        return hub.stored().stream().map(DataHubMessage::body).toList();
      }

      @Override
      public void close() {
        hub.close();
      }
    };
  }

  @Override
  String body(String text) {
    return "text: " + text;
  }

  @Override
  String success(String request) {
    int messages = request.split("\\{\"Body\":", -1).length - 1;
    String ids = String.join(",", Collections.nCopies(messages, "\"id\""));
    return ok("{\"Response\":{\"MessageId\":[" + ids + "],\"RequestId\":\"r\"}}");
  }

  @Override
  Stream<ErrorResponse> errorResponses() {
    return Stream.of(
        error("RequestLimitExceeded", Meaning.RETRIED),
        error("RequestLimitExceeded.UinLimitExceeded", Meaning.RETRIED),
        error("FailedOperation", Meaning.RETRIED),
        error("OperationDenied", Meaning.RETRIED),
        error("LimitExceeded", Meaning.RETRIED),
        error("InternalError", Meaning.RETRIED_UNCLEAR),
        error("ResourceUnavailable", Meaning.RETRIED_UNCLEAR),
        error("AuthFailure.SignatureExpire", Meaning.REAUTHENTICATED),
        error("AuthFailure.TokenFailure", Meaning.REAUTHENTICATED),
        error("AuthFailure.SignatureFailure", Meaning.REJECTED),
        error("InvalidParameter", Meaning.REJECTED),
        error("ResourceNotFound", Meaning.REJECTED),
        status("404 Not Found", Meaning.RETRIED),
        status("503 Service Unavailable", Meaning.RETRIED_UNCLEAR),
        status("413 Request Entity Too Large", Meaning.SPLIT),
        status("302 Found", Meaning.REJECTED),
        status("403 Forbidden", Meaning.REJECTED));
  }

  private static ErrorResponse error(String code, Meaning meaning) {
    String response =
        ok("{\"Response\":{\"Error\":{\"Code\":\"" + code + "\",\"Message\":\"scripted\"}}}");
    return new ErrorResponse(code, response, meaning, code);
  }

  private static ErrorResponse status(String status, Meaning meaning) {
    return new ErrorResponse(
        status, response(status, ""), meaning, "HTTP " + status.substring(0, 3));
  }

  @Override
  List<String> secrets() {
    return List.of(ID, KEY, TOKEN, "Signature=");
  }

  @Override
  boolean takesKeys() {
    return true;
  }
}
