package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded exchange with a real gateway, replayed byte for byte against the stand-in. */
class MemphisRecordingsTest {

  private static final String LOGIN = "{\"username\":\"app\",\"password\":\"App-Pass-1!\"}";
  private static final String JSON = "Content-Type: application/json";
  private static final String TEXT = "Content-Type: text/plain";
  private static final String AUTHENTICATE = "/auth/authenticate";
  private static final String SINGLE = "/stations/orders/produce/single";
  private static final String HEALTH = "GET /monitoring/status HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final Pattern PRODUCE = Pattern.compile("(/\\S+) \\[(.*)] (.*)");

  /**
   * One exchange.
   *
   * @param name the request in short
   * @param response every byte of the answer, with placeholders
   * @param open whether the connection was open behind it
   */
  private record Recording(String name, String response, boolean open) {

    static Recording read(String text) {
      int name = text.indexOf('\n');
      int fate = text.lastIndexOf("\n--- ");
      String response = text.substring(name + 1, fate);
      int head = response.indexOf("\n\n");
      return new Recording(
          text.substring(0, name),
          response.substring(0, head).replace("\n", "\r\n")
              + "\r\n\r\n"
              + response.substring(head + 2),
          text.substring(fate).strip().equals("--- open"));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Recording> recordings() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            MemphisRecordingsTest.class.getResourceAsStream("memphis-gateway-1.2.8.txt"))) {
      return Arrays.stream(new String(in.readAllBytes(), UTF_8).split("\n=== ", -1))
          .skip(1)
          .map(Recording::read)
          .toList();
    }
  }

  private LocalMemphis memphis;

  @BeforeEach
  void start() {
    memphis = LocalMemphis.start();
    memphis.user("app", "App-Pass-1!");
  }

  @AfterEach
  void stop() {
    memphis.close();
  }

  @Test
  void recordings_areAllThere() throws IOException {
    assertThat(recordings()).hasSize(33).extracting(Recording::name).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void answer_isTheRecordedOne(Recording recording) {
    String request = request(recording.name());
    try (RawConnection connection = RawConnection.to(memphis.port())) {
      assertThat(normalized(connection.write(request).read(), recording.response()))
          .isEqualTo(recording.response());
      if (recording.open()) {
        assertThat(connection.write(HEALTH).read()).startsWith("HTTP/1.1 200 OK\r\n");
      } else {
        assertThat(connection.ended()).isTrue();
      }
    }
  }

  /** With placeholders for what the recording has placeholders for. */
  private static String normalized(String response, String recorded) {
    String dated = response.replaceFirst("Date: [A-Z][a-z]{2}, [^\r]+ GMT\r\n", "Date: {date}\r\n");
    if (!recorded.contains("{token}")) {
      return dated;
    }
    return dated
        .replaceFirst("Content-Length: \\d+", "Content-Length: {number}")
        .replaceAll("_in\":\\d{15}", "_in\":{number}")
        .replaceAll("\"[\\w-]+\\.[\\w-]+\\.[\\w-]+\"", "\"{token}\"");
  }

  private String request(String name) {
    if (name.startsWith("authenticate")) {
      return login(name.substring("authenticate".length()).strip());
    }
    Matcher produce = PRODUCE.matcher(name);
    if (produce.matches()) {
      return post(produce.group(1), produce.group(3), "Content-Type: " + produce.group(2));
    }
    if (name.startsWith("single of ")) {
      int size = Integer.parseInt(name.substring("single of ".length()));
      return post(SINGLE, "x".repeat(size), TEXT);
    }
    return switch (name) {
      case "GET authenticate" -> "GET " + AUTHENTICATE + " HTTP/1.1\r\nHost: h\r\n\r\n";
      case "Connection: close" -> post(SINGLE, "x", TEXT, name);
      case "headers over 4 KiB" -> post(SINGLE, "x", TEXT, "X: " + "x".repeat(4096));
      case "GET produce" -> post(SINGLE, "", TEXT).replaceFirst("POST", "GET");
      case "PUT produce" -> post(SINGLE, "x", TEXT).replaceFirst("POST", "PUT");
      case "GET /monitoring/status" -> HEALTH;
      case "no HTTP" -> "hello\r\n\r\n";
      case "HTTP/1.0" -> post(SINGLE, "x", TEXT).replaceFirst("HTTP/1.1", name);
      default -> throw new AssertionError("no request for " + name);
    };
  }

  private static String login(String how) {
    return switch (how) {
      case "without type" -> raw(AUTHENTICATE, LOGIN);
      case "with charset" -> raw(AUTHENTICATE, LOGIN, JSON + "; charset=utf-8");
      case "with query" -> raw(AUTHENTICATE + "?a=b", LOGIN, JSON);
      default -> raw(AUTHENTICATE, how, JSON);
    };
  }

  /** With a token. */
  private String post(String path, String body, String... headers) {
    try (RawConnection connection = RawConnection.to(memphis.port())) {
      String response = connection.write(raw(AUTHENTICATE, LOGIN, JSON)).read();
      String token = response.replaceFirst("(?s).*\"jwt\":\"([^\"]+)\".*", "$1");
      String[] all =
          Stream.concat(Stream.of("Authorization: Bearer " + token), Stream.of(headers))
              .toArray(String[]::new);
      return raw(path, body, all);
    }
  }

  private static String raw(String path, String body, String... headers) {
    StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: h\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("Content-Length: " + body.length() + "\r\n\r\n").append(body).toString();
  }
}
