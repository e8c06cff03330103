package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real eKuiper 2.4 answered, byte for byte, against the local one; dates left out. */
class EkuiperWireTest {

  private static final String PLAIN = "Content-Type: text/plain; charset=utf-8";
  private static final String OK =
      http("HTTP/1.1 200 OK", "Date: D", "Content-Length: 2", PLAIN, "", "ok");
  private static final String NOT_FOUND =
      http(
          "HTTP/1.1 404 Not Found",
          PLAIN,
          "X-Content-Type-Options: nosniff",
          "Date: D",
          "Content-Length: 19",
          "",
          "404 page not found\n");
  private static final String NOT_ALLOWED =
      http("HTTP/1.1 405 Method Not Allowed", "Date: D", "Content-Length: 0", "", "");
  private static final String GARBAGE =
      http("HTTP/1.1 400 Bad Request", PLAIN, "Connection: close", "", "400 Bad Request");

  private record WireCase(String method, String uri, String response) {}

  private final LocalEkuiper server = LocalEkuiper.builder().post("/api/data").put("/put").start();

  @AfterEach
  void close() {
    server.close();
  }

  private static String http(String... lines) {
    return String.join("\r\n", lines);
  }

  private static String moved(String location) {
    return http(
        "HTTP/1.1 301 Moved Permanently",
        "Location: " + location,
        "Date: D",
        "Content-Length: 0",
        "",
        "");
  }

  static Stream<WireCase> rows() {
    return Stream.of(
        new WireCase("POST", "/api/data", OK),
        new WireCase("PUT", "/put", OK),
        new WireCase("POST", "/api%2Fdata", OK),
        new WireCase("POST", "/api/data?x=1", OK),
        new WireCase("POST", "http://x/api/data", OK),
        new WireCase("PUT", "/api/data", NOT_ALLOWED),
        new WireCase("GET", "/api/data", NOT_ALLOWED),
        new WireCase("POST", "/put", NOT_ALLOWED),
        new WireCase("POST", "/nope", NOT_FOUND),
        new WireCase("POST", "/api/data/", NOT_FOUND),
        new WireCase("POST", "//api/data", moved("/api/data")),
        new WireCase("POST", "/api/../api/data", moved("/api/data")),
        new WireCase("POST", "/api%2F%2Fdata", moved("/api/data")),
        new WireCase("POST", "/%2e%2e/x", moved("/x")),
        new WireCase("POST", "/x/./y/", moved("/x/y/")),
        new WireCase("POST", "/a%20b//c?d=%20", moved("/a%20b/c?d=%20")));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void request_isAnsweredAndTheConnectionKept(WireCase row) {
    try (RawConnection connection = RawConnection.to(server.port())) {
      connection.write(request(row.method(), row.uri(), "{\"a\":1}"));
      assertThat(undated(connection.read())).isEqualTo(row.response());

      connection.write(request("POST", "/api/data", "{\"a\":2}"));
      assertThat(undated(connection.read())).isEqualTo(OK);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /api/%zz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "hello\r\n\r\n",
        "POST /api/data HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"
      })
  void request_thatIsNone_isRefusedAndTheConnectionClosed(String request) {
    try (RawConnection connection = RawConnection.to(server.port())) {
      connection.write(request.getBytes(UTF_8));

      assertThat(connection.readAll()).isEqualTo(GARBAGE);
    }
  }

  @Test
  void request_thatSaysClose_isAnsweredSo() {
    try (RawConnection connection = RawConnection.to(server.port())) {
      connection.write(
          http(
              "POST /api/data HTTP/1.1",
              "Host: x",
              "Connection: close",
              "Content-Length: 2",
              "",
              "{}"));

      assertThat(undated(connection.readAll()))
          .isEqualTo(OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    }
  }

  @Test
  void connection_idleForTooLong_isClosedWithoutAWord() {
    try (LocalEkuiper hasty =
            LocalEkuiper.builder().post("/p").idleTimeout(Duration.ofMillis(50)).start();
        RawConnection connection = RawConnection.to(hasty.port())) {
      connection.write(request("POST", "/p", "{}"));

      assertThat(undated(connection.readAll())).isEqualTo(OK);
    }
  }

  @Test
  void request_chunked_isTaken() {
    try (RawConnection connection = RawConnection.to(server.port())) {
      connection.write(
          http(
              "POST /api/data HTTP/1.1",
              "Host: x",
              "Transfer-Encoding: chunked",
              "",
              "7",
              "{\"a\":3}",
              "0",
              "",
              ""));

      assertThat(undated(connection.read())).isEqualTo(OK);
      assertThat(server.tuples()).extracting(ReceivedTuple::json).containsExactly("{\"a\":3}");
    }
  }

  private static byte[] request(String method, String uri, String body) {
    String length = "Content-Length: " + body.length() + "\r\n\r\n";
    return (method + ' ' + uri + " HTTP/1.1\r\nHost: x\r\n" + length + body).getBytes(UTF_8);
  }

  private static String undated(String response) {
    return response.replaceFirst(
        "Date: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT\r\n", "Date: D\r\n");
  }
}
