package io.github.httpreport.testkit;

import static io.github.httpreport.testkit.RawConnection.GOOD_BODY;
import static io.github.httpreport.testkit.RawConnection.GOOD_RESPONSE;
import static io.github.httpreport.testkit.RawConnection.post;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of what a real DataProxy answers, byte for byte, against a local node. */
class DataProxyWireTest {

  private static final int LIMIT = 200;
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
  private static final String TOO_LARGE =
      "HTTP/1.1 413 Request Entity Too Large\r\ncontent-length: 0\r\n\r\n";

  private enum Then {
    OPEN,
    CLOSED
  }

  private record WireCase(String name, String request, String response, Then then) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static WireCase row(String name, String request, String response, Then then) {
    return new WireCase(name, request, response, then);
  }

  private static WireCase row(String name, byte[] request, String response, Then then) {
    return row(name, new String(request, UTF_8), response, then);
  }

  /** The envelope is written out here once more, so that the server cannot agree with itself. */
  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\ncontent-length: "
        + body.getBytes(UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  private static String code(String code, String msg) {
    return ok("{\"code\":\"" + code + "\",\"msg\":\"" + msg + "\"}");
  }

  private static String failure(String msg) {
    return code("2147483647", "Process message failure: " + msg);
  }

  private static final String NO_GROUP = code("100", "Field groupId must exist and not blank!");
  private static final String NO_STREAM = code("101", "Field streamId must exist and not blank!");
  private static final String NO_BODY = code("103", "Field body is not exist!");
  private static final String BLANK_BODY = code("111", "Field body is Blank!");
  private static final String WRONG_TYPE =
      code("36", "Only support [application/x-www-form-urlencoded] content type!");
  private static final String WRONG_PATH =
      code("35", "Only support [/dataproxy/heartbeat, /dataproxy/message] paths!");
  private static final String WRONG_METHOD = code("32", "Only support [GET, POST] methods");
  private static final String EXPECTATION_FAILED =
      "HTTP/1.1 417 Expectation Failed\r\ncontent-length: 0\r\n\r\n";
  private static final String GARBAGE = code("31", "Decode request failure");

  static Stream<WireCase> rows() {
    return Stream.of(fields(), sizes(), types(), lines(), garbage(), escapes(), manners())
        .flatMap(List::stream);
  }

  private static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static List<WireCase> fields() {
    return List.of(
        row("success", post(GOOD_BODY), GOOD_RESPONSE, Then.OPEN),
        row("groupId missing", post("streamId=s&body=b"), NO_GROUP, Then.OPEN),
        row("groupId blank", post("groupId=+%20&streamId=s&body=b"), NO_GROUP, Then.OPEN),
        row("streamId missing", post("groupId=g&body=b"), NO_STREAM, Then.OPEN),
        row("streamId blank", post("groupId=g&streamId=&body=b"), NO_STREAM, Then.OPEN),
        row("body missing", post("groupId=g&streamId=s"), NO_BODY, Then.OPEN),
        row("body of spaces", post("groupId=g&streamId=s&body=++"), BLANK_BODY, Then.OPEN),
        row("body of a newline", post("groupId=g&streamId=s&body=%0A"), BLANK_BODY, Then.OPEN),
        row("body empty", post("groupId=g&streamId=s&body="), BLANK_BODY, Then.OPEN),
        row(
            "group not configured",
            post("groupId=nope&streamId=test_stream&body=b"),
            code("115", "Topic not configured for groupId(nope),streamId(,test_stream)"),
            Then.OPEN),
        row(
            "stream not configured",
            post("groupId=g&streamId=nope&body=b"),
            code("115", "Topic not configured for groupId(g),streamId(,nope)"),
            Then.OPEN),
        row(
            "quote in a group name, not escaped in the answer",
            post("groupId=a\"b&streamId=s&body=b"),
            code("115", "Topic not configured for groupId(a\"b),streamId(,s)"),
            Then.OPEN),
        row("nothing but an empty body", post(""), NO_GROUP, Then.OPEN));
  }

  private static List<WireCase> sizes() {
    String large = GOOD_BODY + "x".repeat(LIMIT + 1 - GOOD_BODY.length());
    String equal = large.substring(0, LIMIT);
    return List.of(
        row(
            "decoded body longer than the limit",
            "GET /dataproxy/message?groupId=g&streamId=s&body=" + "x".repeat(201) + END,
            code("104", "Error msg, the body length(201) is bigger than allowed length(200)"),
            Then.OPEN),
        row("entity larger than the limit", post(large), TOO_LARGE, Then.OPEN),
        row("entity as large as the limit", post(equal), GOOD_RESPONSE, Then.OPEN),
        row(
            "entity larger than the limit, to be closed",
            post(large, FORM, "Connection: close"),
            TOO_LARGE,
            Then.CLOSED),
        row(
            "entity larger than the limit, chunked",
            chunked("c9\r\n" + large + "\r\n0\r\n\r\n"),
            TOO_LARGE,
            Then.CLOSED),
        row(
            "entity as large as the limit, chunked",
            chunked("c8\r\n" + equal + "\r\n0\r\n\r\n"),
            GOOD_RESPONSE,
            Then.OPEN),
        row(
            "entity larger than the limit in its second chunk",
            chunked("a\r\ngroupId=g&\r\nc8\r\n" + equal + "\r\n0\r\n\r\n"),
            TOO_LARGE,
            Then.CLOSED));
  }

  /** 0x00 to 0x3F. */
  private static final String BYTES =
      IntStream.range(0, 0x40).mapToObj(Character::toString).collect(Collectors.joining());

  private static final String END = " HTTP/1.1\r\nHost: h\r\n\r\n";

  private static String chunked(String chunks) {
    return "POST /dataproxy/message HTTP/1.1\r\nHost: h\r\n"
        + FORM
        + "\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunks;
  }

  private static List<WireCase> types() {
    return List.of(
        row(
            "content type with a charset",
            post(GOOD_BODY, FORM + "; charset=UTF-8"),
            WRONG_TYPE,
            Then.CLOSED),
        row("JSON", post("{}", "Content-Type: application/json"), WRONG_TYPE, Then.CLOSED),
        row(
            "multipart",
            post("--b", "Content-Type: multipart/form-data; boundary=b"),
            WRONG_TYPE,
            Then.CLOSED),
        row(
            "content type in capitals",
            post(GOOD_BODY, "content-type: Application/X-WWW-Form-urlencoded"),
            GOOD_RESPONSE,
            Then.OPEN),
        row("no content type", post(GOOD_BODY, "X: y"), NO_GROUP, Then.OPEN));
  }

  private static List<WireCase> lines() {
    return List.of(
        row("another path", "GET /dataproxy/other" + END, WRONG_PATH, Then.CLOSED),
        row("trailing slash", "GET /dataproxy/message/" + END, WRONG_PATH, Then.CLOSED),
        row("absolute URI", "GET http://h/dataproxy/message" + END, WRONG_PATH, Then.CLOSED),
        row("PUT", "PUT /dataproxy/message" + END, WRONG_METHOD, Then.CLOSED),
        row("OPTIONS", "OPTIONS /dataproxy/message" + END, WRONG_METHOD, Then.CLOSED),
        row("post", "post /dataproxy/message" + END, WRONG_METHOD, Then.CLOSED),
        row("GET heartbeat", "GET /dataproxy/heartbeat" + END, GOOD_RESPONSE, Then.OPEN),
        row("POST heartbeat", "POST /dataproxy/heartbeat" + END, GOOD_RESPONSE, Then.OPEN),
        row(
            "GET with everything in the query",
            "GET /dataproxy/message?" + GOOD_BODY + END,
            GOOD_RESPONSE,
            Then.OPEN));
  }

  private static List<WireCase> garbage() {
    return List.of(
        row("garbage", "garbage\r\n\r\n", GARBAGE, Then.CLOSED),
        row("bytes whose first line is no request line", BYTES + BYTES, GARBAGE, Then.CLOSED),
        row("TLS to a plain port", "\u0016\u0003\u0001 hello\r\n\r\n", GARBAGE, Then.CLOSED),
        row("bad chunk", chunked("zz\r\nabc\r\n0\r\n\r\n"), GARBAGE, Then.CLOSED),
        row("chunk without an end", chunked("3\r\nabcdef\r\n0\r\n\r\n"), GARBAGE, Then.CLOSED),
        row(
            "bad Content-Length",
            "POST /dataproxy/message HTTP/1.1\r\nContent-Length: ten\r\n\r\n",
            GARBAGE,
            Then.CLOSED),
        row(
            "negative Content-Length",
            "POST /dataproxy/message HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            GARBAGE,
            Then.CLOSED),
        row(
            "two Content-Lengths",
            head("POST /dataproxy/message HTTP/1.1", "Content-Length: 1", "Content-Length: 2"),
            GARBAGE,
            Then.CLOSED),
        row(
            "header without a colon",
            "GET /dataproxy/message HTTP/1.1\r\nno colon\r\n\r\n",
            GARBAGE,
            Then.CLOSED),
        row(
            "header over 8192 bytes",
            "GET /dataproxy/message HTTP/1.1\r\nX: " + "x".repeat(8190) + "\r\n\r\n",
            GARBAGE,
            Then.CLOSED),
        row(
            "header of 8192 bytes",
            "GET /dataproxy/heartbeat HTTP/1.1\r\nX: " + "x".repeat(8189) + "\r\n\r\n",
            GOOD_RESPONSE,
            Then.OPEN),
        row(
            "request line over 4096 bytes",
            "GET /dataproxy/message?x=" + "x".repeat(4096) + END,
            GARBAGE,
            Then.CLOSED));
  }

  private static List<WireCase> escapes() {
    return List.of(
        row(
            "%zz",
            post("groupId=g&streamId=s&body=%zz"),
            failure("invalid hex byte 'zz' at index 27 of 'groupId=g&streamId=s&body=%zz'"),
            Then.CLOSED),
        row(
            "%zz behind a character of three bytes",
            post("groupId=g&streamId=s&body=\u4e2d%zz"),
            failure("invalid hex byte 'zz' at index 28 of 'groupId=g&streamId=s&body=\u4e2d%zz'"),
            Then.CLOSED),
        row(
            "truncated %4",
            post("groupId=g&streamId=s&body=a%4"),
            failure("unterminated escape sequence at index 27 of: groupId=g&streamId=s&body=a%4"),
            Then.CLOSED),
        row(
            "%zz in the query",
            "GET /dataproxy/message?groupId=%zz" + END,
            failure("invalid hex byte 'zz' at index 28 of '/dataproxy/message?groupId=%zz'"),
            Then.CLOSED),
        row(
            "truncated %4 in the query",
            "GET /dataproxy/message?groupId=g&streamId=s&body=a%4" + END,
            failure(
                "unterminated escape sequence at index 46 of:"
                    + " /dataproxy/message?groupId=g&streamId=s&body=a%4"),
            Then.CLOSED),
        row(
            "bad escape behind #, which ends the form",
            post(GOOD_BODY + "#%zz"),
            GOOD_RESPONSE,
            Then.OPEN));
  }

  private static List<WireCase> manners() {
    return List.of(
        row(
            "Connection: close",
            post(GOOD_BODY, FORM, "Connection: close"),
            GOOD_RESPONSE,
            Then.CLOSED),
        row(
            "Connection: close on a heartbeat",
            "GET /dataproxy/heartbeat HTTP/1.1\r\nConnection: close\r\n\r\n",
            GOOD_RESPONSE,
            Then.CLOSED),
        row(
            "Connection: close on a wrong report",
            post("groupId=g", FORM, "Connection: close"),
            NO_STREAM,
            Then.CLOSED),
        row(
            "Expect: 100-continue",
            post(GOOD_BODY, FORM, "Expect: 100-continue"),
            "HTTP/1.1 100 Continue\r\n\r\n" + GOOD_RESPONSE,
            Then.OPEN),
        row(
            "Expect: 100-continue of an entity that is too large",
            head("POST /dataproxy/message HTTP/1.1", "Expect: 100-continue", "Content-Length: 201"),
            TOO_LARGE,
            Then.OPEN),
        row(
            "Expect: 100-continue in HTTP/1.0",
            head("GET /dataproxy/heartbeat HTTP/1.0", "Expect: 100-continue"),
            GOOD_RESPONSE,
            Then.OPEN),
        row(
            "another expectation, without a body",
            head("PUT /dataproxy/other HTTP/1.1", "Expect: a-miracle"),
            EXPECTATION_FAILED,
            Then.OPEN),
        row(
            "another expectation, in HTTP/1.0",
            head("GET /dataproxy/heartbeat HTTP/1.0", "Expect: a-miracle"),
            GOOD_RESPONSE,
            Then.OPEN),
        row(
            "callback",
            post(GOOD_BODY + "&callback=cb"),
            ok("cb({\"code\":\"0\",\"msg\":\"Ok\"})"),
            Then.OPEN),
        row(
            "callback on an error",
            post("groupId=g&streamId=s&callback=cb"),
            ok("cb({\"code\":\"103\",\"msg\":\"Field body is not exist!\"})"),
            Then.OPEN),
        row(
            "chunked",
            chunked("1a\r\ngroupId=g&streamId=s&body=\r\n3;x=y\r\nabc\r\n0\r\nT: t\r\n\r\n"),
            GOOD_RESPONSE,
            Then.OPEN));
  }

  private LocalCluster cluster;

  @BeforeEach
  void start() {
    cluster = LocalCluster.builder().maxRequestBytes(LIMIT).topic("g", "s").start();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void request_ofThePage_isAnsweredLikeTheRealServer(WireCase row) {
    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      connection.write(row.request());
      if (row.response().startsWith("HTTP/1.1 100")) {
        assertThat(connection.read() + connection.read()).isEqualTo(row.response());
      } else {
        assertThat(connection.read()).isEqualTo(row.response());
      }
      if (row.then() == Then.CLOSED) {
        assertThat(connection.ended()).as("closed behind the answer").isTrue();
      } else {
        assertThat(connection.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
      }
    }
  }

  @Test
  void gzipBody_isNoForm_wholeBodyEchoedAndConnectionClosed() throws IOException {
    byte[] gzip = gzip(GOOD_BODY);

    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      String response = connection.write(post(gzip, FORM, "Content-Encoding: gzip")).read();

      assertThat(response)
          .contains("{\"code\":\"2147483647\",\"msg\":\"Process message failure: ")
          .contains(new String(gzip, UTF_8));
      assertThat(connection.ended()).isTrue();
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void tooLarge_headersSentOnly_isAnsweredBeforeTheBodyAndSwallowsIt() {
    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      byte[] request = post("x".repeat(LIMIT + 1));
      String whole = new String(request, ISO_8859_1);
      int head = whole.indexOf("\r\n\r\n") + 4;

      assertThat(connection.write(whole.substring(0, head)).read()).isEqualTo(TOO_LARGE);

      connection.write(whole.substring(head)).write(post(GOOD_BODY));
      assertThat(connection.read()).isEqualTo(GOOD_RESPONSE);
    }
  }

  @Test
  void head_isRefusedWithoutTheBodyThatItAnnounces() {
    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      assertThat(connection.write("HEAD /dataproxy/message" + END).readAll())
          .isEqualTo(WRONG_METHOD.substring(0, WRONG_METHOD.indexOf("\r\n\r\n") + 4))
          .endsWith("content-length: 54\r\n\r\n");
    }
  }

  @Test
  void anotherExpectation_withABody_isRefusedAndTheBodyReadAsARequest() {
    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      connection.write(post(GOOD_BODY + "\r\n", FORM, "Expect: a-miracle"));

      assertThat(connection.readAll()).isEqualTo(EXPECTATION_FAILED + GARBAGE);
    }
    assertThat(cluster.stored()).isEmpty();
  }

  @Test
  void favicon_isNeverAnswered_andTheConnectionStaysOpen() {
    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      connection.write("GET /favicon.ico" + END).write(post("groupId=g"));

      assertThat(connection.read()).as("the answer to the second request").isEqualTo(NO_STREAM);
    }
  }

  @Test
  void sinkNotReady_anyPath_isCode1AndClosed() {
    cluster.node(0).always(Fault.sinkNotReady());

    for (String path : List.of("/dataproxy/message", "/dataproxy/heartbeat", "/other")) {
      try (RawConnection connection = RawConnection.to(cluster.node(0))) {
        assertThat(connection.write("GET " + path + END).readAll())
            .isEqualTo(code("1", "Service sink not ready"));
      }
    }
  }

  @Test
  void queueFull_isCode114AndClosed_andStoresNothing() {
    cluster.node(0).always(Fault.queueFull());

    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      assertThat(connection.write(post(GOOD_BODY)).readAll())
          .contains("\r\n\r\n{\"code\":\"114\",\"msg\":\"Put HTTP event to channel failure: ");
    }
    assertThat(cluster.stored()).isEmpty();
  }

  @Test
  void connectionLimit_oneMore_isAcceptedAndEndedWithoutAByte() {
    cluster.node(0).maxConnections(1);

    try (RawConnection first = RawConnection.to(cluster.node(0))) {
      assertThat(first.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
      try (RawConnection second = RawConnection.to(cluster.node(0))) {
        assertThat(second.ended()).isTrue();
      }
      assertThat(first.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
    }
  }

  @Test
  void pipelined_behindAnAnswerThatCloses_isStoredWithoutAnAnswer() {
    byte[] closing = post(GOOD_BODY, FORM, "Connection: close");

    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      connection.write(Reply.concat(closing, post("groupId=g&streamId=s&body=silent")));

      assertThat(connection.readAll()).isEqualTo(GOOD_RESPONSE);
    }
    await()
        .untilAsserted(
            () ->
                assertThat(cluster.stored())
                    .extracting(StoredRecord::body)
                    .containsExactly("good", "silent"));
  }

  @Test
  void manyRequests_onOneConnection_areAllAnswered() {
    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      for (int i = 0; i < 2_000; i++) {
        assertThat(connection.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
      }
    }
    assertThat(cluster.storedCount()).isEqualTo(2_000);
    assertThat(cluster.node(0).connections()).isEqualTo(1);
  }
}
