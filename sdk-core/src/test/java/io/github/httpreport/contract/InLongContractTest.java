package io.github.httpreport.contract;

import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static io.github.httpreport.testsupport.ScriptedServer.response;

import io.github.httpreport.contract.ErrorResponse.Meaning;
import io.github.httpreport.inlong.InLongProtocol;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.StoredRecord;
import java.util.List;
import java.util.stream.Stream;

class InLongContractTest extends ProtocolContract {

  @Override
  WireProtocol protocol() {
    return InLongProtocol.create();
  }

  @Override
  StandIn standIn() {
    LocalCluster cluster = LocalCluster.start(1);
    return new StandIn() {
      @Override
      public String address() {
        return cluster.node(0).address();
      }

      @Override
      public List<String> bodies() {
        return cluster.stored().stream().map(StoredRecord::messages).flatMap(List::stream).toList();
      }

      @Override
      public void close() {
        cluster.close();
      }
    };
  }

  @Override
  String body(String text) {
    return "text: " + text;
  }

  @Override
  String success(String request) {
    return ok("{\"code\":\"0\",\"msg\":\"Ok\"}");
  }

  @Override
  Stream<ErrorResponse> errorResponses() {
    return Stream.of(
        error("1", Meaning.RETRIED),
        error("114", Meaning.RETRIED),
        error("118", Meaning.RETRIED_UNCLEAR),
        error("2147483647", Meaning.RETRIED_UNCLEAR),
        error("104", Meaning.SPLIT),
        error("36", Meaning.REJECTED),
        error("115", Meaning.REJECTED),
        status("404 Not Found", Meaning.RETRIED),
        status("503 Service Unavailable", Meaning.RETRIED),
        status("500 Internal Server Error", Meaning.RETRIED_UNCLEAR),
        status("413 Request Entity Too Large", Meaning.SPLIT),
        status("302 Found", Meaning.REJECTED),
        status("403 Forbidden", Meaning.REJECTED));
  }

  private static ErrorResponse error(String code, Meaning meaning) {
    String response = ok("{\"code\":\"" + code + "\",\"msg\":\"scripted\"}");
    return new ErrorResponse("code " + code, response, meaning, code);
  }

  private static ErrorResponse status(String status, Meaning meaning) {
    return new ErrorResponse(
        status, response(status, ""), meaning, "HTTP " + status.substring(0, 3));
  }
}
