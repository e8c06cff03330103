package io.github.httpreport.realservers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.testkit.LocalEkuiper;
import io.github.httpreport.testkit.ReceivedTuple;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sender against a real eKuiper, whose rules call back; and the local one against the same. */
class RealEkuiperTest {

  private static final String VERSION = System.getProperty("ekuiper.version");
  private static final Path WORK = Path.of("target", "real-servers");
  private static final Duration A_MINUTE = Duration.ofMinutes(1);
  private static final Duration A_MOMENT = Duration.ofMillis(500);
  private static final int TUPLES = 10_000;

  @TempDir static Path directory;
  private static RealEkuiper server;

  private Callback callback;

  private record WireCase(String method, String uri, String body) {}

  @BeforeAll
  static void start() throws IOException {
    GoModule.assumeGo(WORK);
    GoModule module =
        GoModule.fetched(
            "github.com/lf-edge/ekuiper/v2", "v" + VERSION, WORK.resolve("ekuiper-" + VERSION));
    Path binary = WORK.resolve("kuiperd-" + VERSION);
    module.build("./cmd/kuiperd", "core", binary);
    server = RealEkuiper.start(binary, module.sources().resolve("etc"), directory);
    server.createStream("rows", "/api/rows", false);
    server.createRule("rows", "http://127.0.0.1:9/nobody");
    awaitRoute("/api/rows");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void listen() throws IOException {
    callback = new Callback();
  }

  @AfterEach
  void listenNoMore() {
    callback.close();
  }

  @Test
  void enqueue_tenThousandTuples_arriveOnceEach() {
    rule("many", "/api/many", false);
    List<String> bodies = bodies(TUPLES);
    try (ProxySender sender = sender(EkuiperProtocol.post("/api/many"))) {
      List<CompletableFuture<SendResult>> futures =
          bodies.stream().map(body -> sender.enqueue(body, "group", "stream")).toList();
      assertThat(sender.flush()).succeedsWithin(A_MINUTE);
      assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
      assertThat(sender.close(A_MINUTE)).isEqualTo(CloseSummary.builder().sent(TUPLES).build());
    }

    awaitArrivals(TUPLES);
    assertThat(callback.bodies().stream().sorted().toList())
        .isEqualTo(bodies.stream().sorted().toList());
    System.out.println(
        "real eKuiper " + VERSION + ": " + callback.count() + " tuples, each arrived once");
  }

  @Test
  void send_singleModeByPut_arrivesOnceEach() {
    rule("single", "/single stream \u6570", true);
    List<String> bodies = bodies(200);
    try (ProxySender sender = sender(EkuiperProtocol.builder().put().single().build())) {
      sender.send(bodies, "group", "single stream \u6570");
    }

    awaitArrivals(200);
    assertThat(callback.bodies()).containsExactlyInAnyOrderElementsOf(bodies);
  }

  @Test
  void send_ruleStartedLater_isTriedUntilItIs() {
    EkuiperProtocol protocol =
        EkuiperProtocol.builder()
            .path("/api/later")
            .unknownPathDelay(Duration.ofMillis(100))
            .build();
    try (ProxySender sender = sender(protocol)) {
      server.createStream("later", "/api/later", false);
      CompletableFuture<SendResult> future = sender.sendAsync(bodies(3), "group", "stream");
      server.createRule("later", callback.url());

      assertThat(future).succeedsWithin(A_MINUTE);
    }
    awaitArrivals(3);
  }

  @Test
  void send_wrongMethod_isRejected() {
    rule("posted", "/api/posted", false);
    try (ProxySender sender = sender(EkuiperProtocol.builder().put().path("/api/posted").build())) {
      assertThat(sender.sendAsync(bodies(1), "group", "stream"))
          .failsWithin(A_MINUTE)
          .withThrowableThat()
          .withCauseInstanceOf(RejectedException.class)
          .withMessageContaining("HTTP 405");
    }
  }

  @Test
  void send_ruleStopped_isAcceptedAndLost() {
    rule("stopped", "/api/stopped", false);
    server.stopRule("stopped");
    try (ProxySender sender = sender(EkuiperProtocol.post("/api/stopped"))) {
      assertThat(sender.send(bodies(1), "group", "stream").attempts()).hasSize(1);
    }

    Awaitility.await().during(A_MOMENT).atMost(A_MINUTE).until(() -> callback.count() == 0);
  }

  static Stream<WireCase> rows() {
    String good = "{\"a\":1}";
    return Stream.of(
        new WireCase("POST", "/api/rows", good),
        new WireCase("POST", "/api/rows", "hello"),
        new WireCase("PUT", "/api/rows", good),
        new WireCase("GET", "/api/rows", ""),
        new WireCase("POST", "/api/rows/", good),
        new WireCase("POST", "/api%2Frows", good),
        new WireCase("POST", "/api/rows?x=1", good),
        new WireCase("POST", "http://x/api/rows", good),
        new WireCase("POST", "/nope", good),
        new WireCase("POST", "//api/rows", good),
        new WireCase("POST", "/api/./rows/", good),
        new WireCase("POST", "/api/../api/rows", good),
        new WireCase("POST", "/api%2F%2Frows", good),
        new WireCase("POST", "/%2e%2e/x", good),
        new WireCase("POST", "/..", good),
        new WireCase("POST", "/a%20b//c?d=%20", good),
        new WireCase("POST", "/api/%zz", good),
        new WireCase("hello", "", ""));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void answers_ofTheLocalOne_areThoseOfTheRealOne(WireCase row) throws IOException {
    try (LocalEkuiper local = LocalEkuiper.start("/api/rows")) {
      assertThat(response(local.port(), row)).isEqualTo(response(server.dataPort(), row));
    }
  }

  /** As deep as the server decodes, one deeper, and a number that no double holds. */
  @Test
  void tuples_beyondWhatIsDecoded_ofTheLocalOne_areThoseOfTheRealOne() throws IOException {
    String within = "{\"a\":".repeat(298) + "1" + "}".repeat(298);
    for (String body :
        List.of(
            "[" + within + "]",
            "{\"a\":" + within + "}",
            "[{\"lost\":1},{\"a\":" + within + "}]",
            "{\"a\":{\"a\":" + within + "}}",
            "[{\"a\":1},{\"a\":1e309}]",
            "{\"a\":1e309}")) {
      tuples_ofTheLocalOne_areThoseOfTheRealOne(body);
      callback.clear();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1}", "[{\"a\":1},{\"a\":2}]", "[{\"a\":1},3]", "[{\"a\":1},{\"a\":}]", "[]", "{}",
        "{\"a\":1}{\"a\":2}", "3", "\"x\"", "[[{\"a\":1}]]", " {\"a\":1} ", "[{\"a\":1},null]",
        "\ufeff{\"a\":1}", "null", "[{\"a\":1}"
      })
  void tuples_ofTheLocalOne_areThoseOfTheRealOne(String body) throws IOException {
    String name = "t" + Integer.toHexString(body.hashCode());
    rule(name, "/api/" + name, false);
    try (LocalEkuiper local = LocalEkuiper.start("/api/" + name)) {
      for (String each : List.of(body, "{\"last\":1}")) {
        response(local.port(), new WireCase("POST", "/api/" + name, each));
        response(server.dataPort(), new WireCase("POST", "/api/" + name, each));
      }
      Awaitility.await().atMost(A_MINUTE).until(() -> callback.bodies().contains("{\"last\":1}"));
      assertThat(callback.bodies())
          .containsExactlyInAnyOrderElementsOf(
              local.tuples().stream().map(ReceivedTuple::json).toList());
    }
  }

  private void rule(String stream, String path, boolean put) {
    server.createStream(stream, path, put);
    server.createRule(stream, callback.url());
    awaitRoute(path);
  }

  private static void awaitRoute(String path) {
    Awaitility.await("the rule has started")
        .atMost(A_MINUTE)
        .until(
            () ->
                !response(server.dataPort(), new WireCase("GET", uri(path), "")).contains(" 404 "));
  }

  private static String uri(String path) {
    return URI.create(path.replace(" ", "%20")).toASCIIString();
  }

  private void awaitArrivals(int count) {
    Awaitility.await().atMost(A_MINUTE).until(() -> callback.count() >= count);
    Awaitility.await().during(A_MOMENT).atMost(A_MINUTE).until(() -> callback.count() == count);
  }

  private static List<String> bodies(int count) {
    return IntStream.range(0, count).mapToObj(i -> "{\"id\":" + i + "}").toList();
  }

  private static ProxySender sender(EkuiperProtocol protocol) {
    return HttpProxySender.builder().protocol(protocol).nodes(server.address()).build();
  }

  /** The whole answer without its date, and whether the connection was closed behind it. */
  private static String response(int port, WireCase row) throws IOException {
    byte[] body = row.body().getBytes(StandardCharsets.UTF_8);
    String head = row.method() + ' ' + row.uri() + " HTTP/1.1\r\nHost: x\r\nContent-Length: ";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) A_MOMENT.toMillis());
      socket
          .getOutputStream()
          .write((head + body.length + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().write(body);
      return read(socket.getInputStream()).replaceFirst("Date: [^\r]*", "Date: D");
    }
  }

  private static String read(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        text.append((char) b);
      }
      return text.append(" <closed>").toString();
    } catch (SocketTimeoutException open) {
      return text.append(" <open>").toString();
    }
  }
}
