package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeanServerTest {

  private static final int TIMEOUT_MILLIS = 10_000;
  private static final String SUCCESS =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\n"
          + "content-length: 23\r\n\r\n{\"code\":\"0\",\"msg\":\"Ok\"}";
  private static final String FORM = "groupId=g&streamId=s&dt=1&body=a%0Ab%0Ac&cnt=3";

  private LeanServer server;
  private Socket socket;

  @BeforeEach
  void start() throws IOException {
    server = LeanServer.start(3);
    socket = connect(0);
  }

  @AfterEach
  void stop() throws IOException {
    socket.close();
    server.close();
  }

  private Socket connect(int node) throws IOException {
    String address = server.nodes().get(node);
    Socket connected =
        new Socket(
            InetAddress.getLoopbackAddress(),
            Integer.parseInt(address.substring(address.indexOf(':') + 1)));
    connected.setSoTimeout(TIMEOUT_MILLIS);
    connected.setTcpNoDelay(true);
    return connected;
  }

  private static String report(String headers, String form) {
    return "POST /dataproxy/message HTTP/1.1\r\nHost: h\r\n"
        + headers
        + "Content-Length: "
        + form.length()
        + "\r\n\r\n"
        + form;
  }

  private void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  private String read(int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), UTF_8);
  }

  private boolean serverHasClosed() throws IOException {
    return socket.getInputStream().read() < 0;
  }

  @Test
  void report_twoOnOneConnection_areAnsweredEachAsARealNodeDoes() throws Exception {
    String request = report("", FORM);
    for (int i = 0; i < 2; i++) {
      write(request);

      assertThat(read(SUCCESS.length())).isEqualTo(SUCCESS);
    }

    assertThat(server.counts().now())
        .isEqualTo(new Counts(2, 2L * request.length(), 2L * FORM.length(), 6));
  }

  @Test
  void report_connectionClose_isAnsweredThenClosed() throws Exception {
    write(report("connection: Close\r\n", FORM));

    assertThat(read(SUCCESS.length())).isEqualTo(SUCCESS);
    assertThat(serverHasClosed()).isTrue();
  }

  @Test
  void report_bytesComeOneByOne_isCountedRight() throws Exception {
    String request = report("", FORM + "45");
    for (int i = 0; i < request.length(); i++) {
      write(request.substring(i, i + 1));
    }

    assertThat(read(SUCCESS.length())).isEqualTo(SUCCESS);
    assertThat(server.counts().now())
        .isEqualTo(new Counts(1, request.length(), FORM.length() + 2L, 345));
  }

  @Test
  void report_bodyLargerThanBuffer_isCountedRight() throws Exception {
    String form = "body=" + "1".repeat(1_000_000) + "&cnt=500";
    write(report("", form));

    assertThat(read(SUCCESS.length())).isEqualTo(SUCCESS);
    assertThat(server.counts().now().messages()).isEqualTo(500);
    assertThat(server.counts().now().bodyBytes()).isEqualTo(form.length());
  }

  @Test
  void report_whileSlow_isAnsweredAllTheSame() throws Exception {
    server.delay(Duration.ofMillis(5));
    write(report("", FORM));

    assertThat(read(SUCCESS.length())).isEqualTo(SUCCESS);
  }

  @Test
  void heartbeat_isAnsweredAndNotCounted() throws Exception {
    write("GET /dataproxy/heartbeat HTTP/1.1\r\nHost: h\r\n\r\n");

    assertThat(read(SUCCESS.length())).isEqualTo(SUCCESS);
    assertThat(server.counts().now()).isEqualTo(new Counts(0, 0, 0, 0));
  }

  @Test
  void unknownPath_isClosed() throws Exception {
    write("GET /else HTTP/1.1\r\n\r\n");

    assertThat(serverHasClosed()).isTrue();
  }

  @Test
  void getIpList_numberBeforeThePath_listsSoManyNodes() throws Exception {
    write(
        "POST /2/inlong/manager/openapi/dataproxy/getIpList/any_group HTTP/1.1\r\n"
            + "Connection: close\r\nContent-Length: 17\r\n\r\nprotocolType=HTTP");

    String response = new String(socket.getInputStream().readAllBytes(), UTF_8);
    JsonNode nodes =
        new ObjectMapper()
            .readTree(response.substring(response.indexOf("\r\n\r\n")))
            .path("data")
            .path("nodeList");
    assertThat(nodes)
        .extracting(node -> node.path("ip").asText() + ':' + node.path("port").asInt())
        .isEqualTo(server.nodes().subList(0, 2));
  }
}
