package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of what a real Manager answers to the question for the nodes of a group. */
class ManagerWireTest {

  private static final String BASE = "/inlong/manager/openapi/dataproxy/";
  private static final String NONE =
      "{\"success\":true,\"errMsg\":null,\"data\":{\"clusterId\":null,\"reportSourceType\":null,"
          + "\"isIntranet\":null,\"isSwitch\":null,\"load\":20,\"maxPacketLength\":null,"
          + "\"nodeList\":null}}";

  private static final String NO_SUCH_METHOD =
      "There was an error in the service...Please try again later! If there are still problems,"
          + " please contact the administrator";

  /** Stands for what no page tells. */
  private static final String UNKNOWN_REST = "<rest>";

  private record WireCase(String name, String method, String path, String response) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static WireCase failure(String name, String method, String path, String errMsg) {
    String body = "{\"success\":false,\"errMsg\":\"" + errMsg + "\",\"data\":null}";
    return new WireCase(name, method, BASE + path, body);
  }

  static Stream<WireCase> failures() {
    String clusterTag = "not found any cluster tag for groupId=untagged";
    String cluster = "not found any data proxy cluster for groupId=homeless<rest>";
    String status = "current group status=to_be_submit was not allowed to get data proxy nodes";
    return Stream.of(
        failure("unknown", "POST", "getIpList/nope", "group not found by groupId=nope"),
        failure("escaped", "POST", "getIpList/a%20b", "group not found by groupId=a b"),
        failure("not approved", "POST", "getIpList/fresh", status),
        failure("no cluster tag", "POST", "getIpList/untagged", clusterTag),
        failure("no cluster", "POST", "getIpList/homeless", cluster),
        failure("GET", "GET", "getIpList/g", NO_SUCH_METHOD),
        failure("PUT", "PUT", "getIpList/g", NO_SUCH_METHOD),
        new WireCase("another protocol", "POST", BASE + "getIpList/g?protocolType=TCP", NONE));
  }

  private LocalCluster cluster;

  @BeforeEach
  void start() {
    cluster = LocalCluster.builder().topic("g", "s").start();
    cluster.manager().group("fresh", LocalManager.GroupState.NOT_APPROVED);
    cluster.manager().group("untagged", LocalManager.GroupState.NO_CLUSTER_TAG);
    cluster.manager().group("homeless", LocalManager.GroupState.NO_CLUSTER);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static RawConnection connect(LocalCluster cluster) {
    return RawConnection.to(URI.create(cluster.managerUrl()).getPort());
  }

  private static String request(String method, String path, String form, String... headers) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8"
        + (headers.length == 0 ? "" : "\r\n" + String.join("\r\n", headers))
        + "\r\nContent-Length: "
        + form.length()
        + "\r\n\r\n"
        + form;
  }

  private String ask(String method, String path, String form, String... headers) {
    try (RawConnection connection = connect(cluster)) {
      return connection.write(request(method, path, form, headers)).read();
    }
  }

  private static String status(String response) {
    return response.substring(0, response.indexOf("\r\n"));
  }

  /** The body of a chunked answer of one chunk, its size checked on the way. */
  private static String body(String response) {
    int at = response.indexOf("\r\n\r\n") + 4;
    int end = response.indexOf("\r\n", at);
    int size = Integer.parseInt(response.substring(at, end), 16);
    byte[] rest = response.substring(end + 2).getBytes(UTF_8);
    assertThat(new String(rest, size, rest.length - size, UTF_8)).isEqualTo("\r\n0\r\n\r\n");
    return new String(rest, 0, size, UTF_8);
  }

  private String node(int id, LocalNode node, int load) {
    return String.format(
        Locale.ROOT,
        "{\"id\":%d,\"ip\":\"127.0.0.1\",\"port\":%d,\"protocolType\":\"HTTP\",\"nodeLoad\":%d}",
        id,
        node.port(),
        load);
  }

  private static String nodes(String maxPacketLength, String... nodes) {
    return "{\"success\":true,\"errMsg\":null,\"data\":{\"clusterId\":2,\"reportSourceType\":null,"
        + "\"isIntranet\":null,\"isSwitch\":null,\"load\":20,\"maxPacketLength\":"
        + maxPacketLength
        + ",\"nodeList\":["
        + String.join(",", nodes)
        + "]}}";
  }

  @Test
  void known_inTheFormOrTheQueryOrNowhere_isTheListOfNodes() {
    String expected = nodes("null", node(1, cluster.node(0), 65_535));

    assertThat(body(ask("POST", BASE + "getIpList/g", "protocolType=HTTP"))).isEqualTo(expected);
    assertThat(body(ask("POST", BASE + "getIpList/g?protocolType=HTTP", ""))).isEqualTo(expected);
    assertThat(body(ask("POST", BASE + "getIpList/g", ""))).isEqualTo(expected);
  }

  @Test
  void answer_isChunkedWithSessionCookies() {
    String response = ask("POST", BASE + "getIpList/g", "");

    assertThat(status(response)).isEqualTo("HTTP/1.1 200 ");
    assertThat(response)
        .contains("\r\nSet-Cookie: JSESSIONID=")
        .contains("\r\nSet-Cookie: rememberMe=deleteMe")
        .contains("\r\nContent-Type: application/json\r\n")
        .contains("\r\nTransfer-Encoding: chunked\r\n")
        .doesNotContain("Content-Length");
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failure_ofThePage_is200WithItsText(WireCase row) {
    String response = ask(row.method(), row.path(), "");

    assertThat(status(response)).isEqualTo("HTTP/1.1 200 ");
    boolean whole = !row.response().contains(UNKNOWN_REST);
    String[] parts = row.response().split(Pattern.quote(UNKNOWN_REST), 2);
    assertThat(body(response)).startsWith(parts[0]).endsWith(parts[parts.length - 1]);
    assertThat(body(response)).matches(whole ? Pattern.quote(row.response()) : ".+");
  }

  @Test
  void noNode_isSuccessWithoutAList() {
    cluster.node(0).remove();

    assertThat(body(ask("POST", BASE + "getIpList/g", "protocolType=HTTP"))).isEqualTo(NONE);
  }

  @Test
  void wrongPath_isJsonInTheContextAndHtmlOutside() {
    String inside = ask("POST", BASE + "getIpLists/g", "");
    String outside = ask("POST", "/openapi/dataproxy/getIpList/g", "");

    assertThat(status(inside)).isEqualTo("HTTP/1.1 404 ");
    assertThat(body(inside))
        .matches(
            "\\{\"timestamp\":\"[^\"]+\",\"status\":404,\"error\":\"Not Found\","
                + "\"path\":\"/inlong/manager/openapi/dataproxy/getIpLists/g\"}");
    assertThat(status(outside)).isEqualTo("HTTP/1.1 404 ");
    assertThat(outside).contains("Content-Type: text/html").contains("<h1>HTTP Status 404");
  }

  @Test
  void escapedSlashInTheGroup_is400Html() {
    String response = ask("POST", BASE + "getIpList/a%2Fb", "");

    assertThat(status(response)).isEqualTo("HTTP/1.1 400 ");
    assertThat(response).contains("Content-Type: text/html");
  }

  /** What the server under the Manager refuses, before the Manager sees it. */
  @ParameterizedTest
  @ValueSource(strings = {"a%2Fb", "..%2f", "a%00", "a%zz", "a%4"})
  void groupThatIsNoPath_is400HtmlThenClosed(String group) {
    try (RawConnection connection = connect(cluster)) {
      String response = connection.write(request("POST", BASE + "getIpList/" + group, "")).read();

      assertThat(status(response)).isEqualTo("HTTP/1.1 400 ");
      assertThat(response)
          .contains("Content-Type: text/html")
          .contains("</title><style type=\"text/css\">")
          .contains("<h1>HTTP Status 400")
          .contains("<b>Type</b>", "<b>Message</b>", "<b>Description</b>");
      assertThat(connection.ended()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%E6%97%A5", "a;b", "a%3Bb", "%7F", "a%09b"})
  void groupBeyondAscii_orWithASemicolon_is400JsonThenClosed(String group) {
    try (RawConnection connection = connect(cluster)) {
      String response = connection.write(request("POST", BASE + "getIpList/" + group, "")).read();

      assertThat(status(response)).isEqualTo("HTTP/1.1 400 ");
      assertThat(body(response))
          .matches(
              "\\{\"timestamp\":\"[^\"]+\",\"status\":400,\"error\":\"Bad Request\",\"path\":\""
                  + Pattern.quote(BASE + "getIpList/" + group)
                  + "\"}");
      assertThat(connection.ended()).isTrue();
    }
  }

  @Test
  void head_isAnsweredWithoutABody_andOptionsWithNone() {
    String path = BASE + "getIpList/g";
    try (RawConnection connection = connect(cluster)) {
      connection.write(request("HEAD", path, "", "Connection: close"));
      assertThat(connection.readAll())
          .startsWith("HTTP/1.1 200 \r\n")
          .contains("Transfer-Encoding: chunked")
          .endsWith("\r\n\r\n")
          .doesNotContain("success");
    }
    assertThat(ask("OPTIONS", path, ""))
        .startsWith("HTTP/1.1 200 \r\n")
        .contains("Content-Length: 0\r\n")
        .doesNotContain("Content-Type")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"getIpList/g/", "getIpList/g?protocolType=", "getIpList/g?protocolType=http"})
  void known_askedForInAnotherWay_isTheListOfNodes(String path) {
    assertThat(body(ask("POST", BASE + path, "")))
        .isEqualTo(nodes("null", node(1, cluster.node(0), 65_535)));
  }

  @Test
  void expectContinue_isAnsweredWithTheGoAheadFirst() {
    String path = BASE + "getIpList/g";
    try (RawConnection connection = connect(cluster)) {
      connection.write(request("POST", path, "", "Expect: 100-continue"));
      assertThat(connection.read()).isEqualTo("HTTP/1.1 100 \r\n\r\n");
      assertThat(connection.read()).startsWith("HTTP/1.1 200 \r\n");
    }
  }

  @Test
  void connectionClose_isAnsweredAndClosed_otherwiseKept() {
    String path = BASE + "getIpList/g";
    try (RawConnection connection = connect(cluster)) {
      assertThat(connection.write(request("POST", path, "")).read()).startsWith("HTTP/1.1 200");
      connection.write(request("POST", path, "", "Connection: close"));
      assertThat(connection.read()).startsWith("HTTP/1.1 200");
      assertThat(connection.ended()).isTrue();
    }
  }

  @Test
  void garbage_is400Html() {
    try (RawConnection connection = connect(cluster)) {
      assertThat(connection.write("garbage\r\n\r\n").readAll()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void authentication_missingOrWrongInAnyWay_is403() {
    cluster.manager().authentication("id", "key");
    String right = Base64.getEncoder().encodeToString("id:key".getBytes(UTF_8));
    String path = BASE + "getIpList/g";

    assertThat(status(ask("POST", path, "", "authorization: Basic " + right)))
        .isEqualTo("HTTP/1.1 200 ");
    for (String wrong : new String[] {"X: y", "basic " + right, "Basic x", "Bearer " + right, ""}) {
      String response = ask("POST", path, "", "authorization: " + wrong);
      assertThat(status(response)).as(wrong).isEqualTo("HTTP/1.1 403 ");
      assertThat(body(response))
          .matches(
              "\\{\"timestamp\":\"[^\"]+\",\"status\":403,\"error\":\"Forbidden\",\"path\":\""
                  + path
                  + "\"}");
    }
    assertThat(status(ask("POST", path, ""))).isEqualTo("HTTP/1.1 403 ");

    cluster.manager().noAuthentication();
    assertThat(status(ask("POST", path, ""))).isEqualTo("HTTP/1.1 200 ");
  }

  @Test
  void deadNode_staysOnTheListOfTheGroup_andLeavesThatOfTheCluster() {
    LocalNode dead = cluster.addNode();
    dead.stop();
    String alive = node(1, cluster.node(0), 65_535);

    assertThat(body(ask("POST", BASE + "getIpList/g", "")))
        .isEqualTo(nodes("null", alive, node(2, dead, 65_535)));
    assertThat(body(ask("POST", BASE + "getIpListByClusterName/local-cluster", "")))
        .isEqualTo(nodes("null", alive));
    assertThat(body(ask("POST", BASE + "getIpListByClusterName/other", "")))
        .contains("\"success\":false");
  }

  @Test
  void load_isWhatTheNodeLastReported() {
    cluster.node(0).load(12);

    assertThat(body(ask("POST", BASE + "getIpList/g", "")))
        .isEqualTo(nodes("null", node(1, cluster.node(0), 12)));
  }

  @Test
  void reportLimit_isGivenAsMaxPacketLength() {
    try (LocalCluster limited =
            LocalCluster.builder().maxRequestBytes(70_000).reportLimit(true).start();
        RawConnection connection = connect(limited)) {
      String response = connection.write(request("POST", BASE + "getIpList/any", "")).read();

      assertThat(body(response)).isEqualTo(nodes("70000", node(1, limited.node(0), 65_535)));
    }
  }

  @Test
  void heartbeat_ofAnotherProtocol_isListedInARequestForAll() {
    cluster.manager().heartbeat("10.0.0.9", 46_801, "TCP", 3);

    assertThat(body(ask("POST", BASE + "getIpList/g", "protocolType=TCP")))
        .isEqualTo(
            nodes(
                "null",
                "{\"id\":2,\"ip\":\"10.0.0.9\",\"port\":46801,\"protocolType\":\"TCP\","
                    + "\"nodeLoad\":3}"));
    assertThat(body(ask("POST", BASE + "getIpList/g", ""))).contains("TCP").contains("HTTP");

    cluster.manager().forget("10.0.0.9", 46_801);
    assertThat(body(ask("POST", BASE + "getIpList/g", "protocolType=TCP"))).isEqualTo(NONE);
  }

  @Test
  void script_rawStatusAndBody_isSentInTurnAndThenAsUsual() {
    cluster.manager().script(Fault.status(502, "<html>bad gateway</html>"), Fault.noResponse());

    assertThat(ask("POST", BASE + "getIpList/g", ""))
        .isEqualTo("HTTP/1.1 502 Scripted\r\ncontent-length: 24\r\n\r\n<html>bad gateway</html>");
    try (RawConnection silent = connect(cluster)) {
      silent.write(request("POST", BASE + "getIpList/g", ""));
      assertThat(silent.silentFor(100)).isTrue();
    }
    assertThat(status(ask("POST", BASE + "getIpList/g", ""))).isEqualTo("HTTP/1.1 200 ");
    assertThat(cluster.manager().requests()).isEqualTo(3);
  }
}
