package io.github.httpreport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.httpreport.ckafka.CkafkaCredentials;
import io.github.httpreport.ckafka.CkafkaProtocol;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.inlong.InLongProtocol;
import io.github.httpreport.memphis.MemphisProtocol;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.node.Seed;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever text an application or a server gives, it is refused by name before a request is made,
 * or the request has the shape that a harmless text gives it.
 */
class RequestInjectionTest {

  private static final int TEXTS = 3_000;

  /** Of the package whose gateway is made to give tokens that are none, over and over. */
  private static final Logger MEMPHIS =
      (Logger) LoggerFactory.getLogger(MemphisProtocol.class.getPackageName());

  private static final String HARMLESS = "orders";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Node NODE = Node.of("node", 80);
  private static final String TOKEN = "aGVhZA.e30.c2lnbg";
  private static final CkafkaCredentials SIGNING = CkafkaCredentials.of("id", "key");

  private static final List<String> NASTY =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\0",
          "\t",
          "\u0085",
          "\u2028",
          "\u007f",
          " ",
          "\"",
          "'",
          "\\",
          "<",
          "%0d%0a",
          "%00",
          "%2e%2e",
          "%2f",
          "%",
          "..",
          ".",
          "/../",
          "/",
          "//",
          "?",
          "#",
          "&",
          "=",
          ":",
          "@",
          ",",
          ";",
          "+",
          "[",
          "]",
          "{",
          "}",
          "\u00e9",
          "\u20ac",
          "\u560d\u560a",
          "\uff0f",
          "\ud83d\ude00",
          "\ud83d",
          "\ude00",
          "\r\nX-Injected: 1",
          " HTTP/1.1\r\nHost: elsewhere");

  private static final List<String> PLAIN = List.of("a", "orders", "ap-guangzhou", "x_1", "7", "Z");

  /**
   * A place where a text gets in.
   *
   * @param name for people
   * @param slashes whether the text is a path, whose slashes stay
   * @param open takes the text or throws IllegalArgumentException; what it returns makes the
   *     request and must no longer refuse
   */
  private record Place(String name, boolean slashes, Function<String, Supplier<Request>> open) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Place place(String name, Function<String, Supplier<Request>> open) {
    return new Place(name, false, open);
  }

  static Stream<Place> places() {
    return Stream.of(inLong(), nodes(), ekuiper(), memphis(), ckafka()).flatMap(List::stream);
  }

  private static List<Place> inLong() {
    return List.of(
        place("InLong groupId", t -> report(InLongProtocol.create(), t, HARMLESS)),
        place("InLong streamId", t -> report(InLongProtocol.create(), HARMLESS, t)),
        place("Manager groupId", t -> question(manager("manager").build(), t)),
        place(
            "Manager clusterName",
            t -> question(manager("manager").clusterName(t).build(), HARMLESS)),
        place(
            "Manager secretId",
            t -> question(manager("manager").credentials(t, "key").build(), HARMLESS)),
        place(
            "Manager secretKey",
            t -> question(manager("manager").credentials("id", t).build(), HARMLESS)),
        place("Manager host", t -> question(manager(t.replace("/", "")).build(), HARMLESS)));
  }

  private static List<Place> nodes() {
    return List.of(
        place("node address", t -> heartbeat(Node.parse(t + ":80"))),
        place("node address after https", t -> heartbeat(Node.parse("https://" + t + ":80"))),
        place("node host", t -> heartbeat(Node.of(t, 80))));
  }

  private static List<Place> ekuiper() {
    return List.of(
        place("eKuiper streamId", t -> report(EkuiperProtocol.create(), HARMLESS, t)),
        place("eKuiper groupId", t -> report(EkuiperProtocol.builder().put().build(), t, HARMLESS)),
        new Place(
            "eKuiper path", true, t -> report(EkuiperProtocol.post("/" + t), HARMLESS, HARMLESS)),
        new Place(
            "eKuiper rule",
            true,
            t ->
                report(
                    EkuiperProtocol.builder().pathBy(d -> "/" + d.streamId()).build(),
                    HARMLESS,
                    t)));
  }

  private static List<Place> memphis() {
    return List.of(
        place("Memphis streamId", t -> gateway(memphisBy("u").build(), t, TOKEN)),
        place("Memphis station", t -> gateway(memphisBy("u").station(t).build(), HARMLESS, TOKEN)),
        place(
            "Memphis rule",
            t -> gateway(memphisBy("u").stationBy(d -> t).build(), HARMLESS, TOKEN)),
        place("Memphis user", t -> gateway(memphisBy(t).build(), HARMLESS, TOKEN)),
        place("Memphis token", t -> gateway(memphisBy("u").build(), HARMLESS, "a.b." + t)));
  }

  private static MemphisProtocol.Builder memphisBy(String user) {
    return MemphisProtocol.builder().user(user, () -> "p");
  }

  private static CkafkaProtocol.Builder hub() {
    return CkafkaProtocol.builder().dataHub("hub").credentials(SIGNING);
  }

  private static List<Place> ckafka() {
    return List.of(
        place(
            "CKafka streamId",
            t -> report(CkafkaProtocol.builder().credentials(SIGNING).build(), HARMLESS, t)),
        place("CKafka hub", t -> report(CkafkaProtocol.dataHub(t, SIGNING), HARMLESS, HARMLESS)),
        place("CKafka region", t -> report(hub().region(t).build(), HARMLESS, HARMLESS)),
        place("CKafka host", t -> report(hub().host(t).build(), HARMLESS, HARMLESS)),
        place("CKafka service", t -> report(hub().service(t).build(), HARMLESS, HARMLESS)),
        place(
            "CKafka endpoint",
            t -> report(hub().endpoint("https://" + t).build(), HARMLESS, HARMLESS)),
        place("CKafka secretId", t -> signed(CkafkaCredentials.of(t, "key"))),
        place("CKafka secretKey", t -> signed(CkafkaCredentials.of("id", t))),
        place("CKafka sessionToken", t -> signed(CkafkaCredentials.temporary("id", "key", t))));
  }

  private static Supplier<Request> signed(CkafkaCredentials credentials) {
    return report(CkafkaProtocol.dataHub("hub", credentials), HARMLESS, HARMLESS);
  }

  private static InLongManager.Builder manager(String host) {
    return InLongManager.builder("http://" + host + ":8083");
  }

  private static Supplier<Request> report(WireProtocol protocol, String group, String stream) {
    Destination destination = new Destination(group, stream);
    protocol.validate(destination);
    Node node = protocol instanceof CkafkaProtocol ckafka ? onlyNode(ckafka) : NODE;
    return () ->
        protocol.request(protocol.encode(destination, List.of(Message.of("{}")), NOW), node, NOW);
  }

  private static Node onlyNode(CkafkaProtocol protocol) {
    Exchange none = responding("", new ArrayList<>());
    NodeSource source = protocol.defaultNodes().orElseThrow();
    NodeList list = source.fetch(HARMLESS, none).toCompletableFuture().join();
    return list.nodes().iterator().next();
  }

  private static Supplier<Request> heartbeat(Node node) {
    return () -> InLongProtocol.create().probe(node).orElseThrow();
  }

  /** Asks at once, as only the answer tells that a question was refused. */
  private static Supplier<Request> question(InLongManager manager, String group) {
    List<Request> sent = new ArrayList<>();
    CompletableFuture<NodeList> response = asked(manager, group, responding("", sent));
    if (sent.isEmpty()) {
      Throwable refusal = response.handle((list, failure) -> failure.getCause()).join();
      assertThat(refusal).isInstanceOf(IllegalArgumentException.class);
      throw (IllegalArgumentException) refusal;
    }
    return () -> sent.get(0);
  }

  private static CompletableFuture<NodeList> asked(
      InLongManager manager, String group, Exchange exchange) {
    try {
      return manager.fetch(group, exchange).toCompletableFuture();
    } catch (IllegalArgumentException late) {
      throw new AssertionError("let through until the request was made", late);
    }
  }

  /** With a token that the gateway gives for a login, whose request must be safe as well. */
  private static Supplier<Request> gateway(MemphisProtocol protocol, String stream, String token) {
    Supplier<Request> report = report(protocol, HARMLESS, stream);
    List<Request> sent = new ArrayList<>();
    String response = JsonNodeFactory.instance.objectNode().put("jwt", token).toString();
    Verdict verdict =
        protocol
            .authenticate(NODE, Optional.empty(), responding(response, sent))
            .toCompletableFuture()
            .join();
    assertThat(shapeOf(sent.get(0)))
        .isEqualTo(
            shapeOf(
                Request.post(NODE.origin(), "/auth/authenticate")
                    .body(new byte[0], "application/json")
                    .build()));
    if (!(verdict instanceof Verdict.Accepted)) {
      throw new IllegalArgumentException("no token: " + verdict);
    }
    return report;
  }

  private static Exchange responding(String body, List<Request> sent) {
    return (request, keep) -> {
      sent.add(request);
      return CompletableFuture.completedFuture(
          Response.status(200).body(body.getBytes(UTF_8)).build());
    };
  }

  @BeforeAll
  static void hush() {
    MEMPHIS.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    MEMPHIS.setLevel(null);
  }

  @ParameterizedTest
  @MethodSource("places")
  void request_anyText_isRefusedByNameOrHasTheShapeOfAHarmlessOne(Place place) {
    long seed = Seed.next();
    Random random = new Random(seed);
    Shape harmless = shapeOf(place.open().apply(HARMLESS).get());
    int made = 0;
    for (int i = 0; i < TEXTS; i++) {
      String text = randomText(random);
      String description = "seed " + seed + ", " + place + " is " + visible(text);
      Optional<Request> request = requestWith(place, text, description);
      if (request.isPresent()) {
        made++;
        assertSafe(request.get(), description);
        int slashes = place.slashes() ? (int) text.chars().filter(c -> c == '/').count() : 0;
        assertThat(shapeOf(request.get()))
            .as(description)
            .isEqualTo(harmless.plusSegments(slashes));
      }
    }
    assertThat(made).as("seed %d, %s: texts that made a request", seed, place).isPositive();
  }

  private static Optional<Request> requestWith(Place place, String text, String description) {
    Supplier<Request> accepted;
    try {
      accepted = place.open().apply(text);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).as(description).message().isNotBlank();
      return Optional.empty();
    }
    try {
      return Optional.of(accepted.get());
    } catch (IllegalArgumentException late) {
      throw new AssertionError(description + ": let through until the request was made", late);
    }
  }

  private static void assertSafe(Request request, String description) {
    assertThat(request.path()).as(description).matches("(/[!-~&&[^/?#]]*)+");
    assertThat(request.path().replace("%2E", ".").replace("%2e", ".").split("/"))
        .as(description)
        .doesNotContain(".", "..");
    assertThat(request.host()).as(description).matches("[!-~]+");
    assertThat(request.origin().authority()).as(description).matches("[!-~&&[^/?#@]]+");
    assertThat(request.contentType()).as(description).matches("[ -~]*");
    assertThat(request.headers().entrySet())
        .as(description)
        .allSatisfy(header -> assertThat(header.getKey()).matches("[A-Za-z-]+"))
        .allSatisfy(header -> assertThat(header.getValue()).matches("[ -~]+"));
  }

  /**
   * What no text may change.
   *
   * @param wordsOfHeaders how many words each header has
   * @param formFields how many fields a form in the body has
   */
  private record Shape(
      String method,
      int segments,
      Map<String, Integer> wordsOfHeaders,
      String contentType,
      int formFields) {

    Shape plusSegments(int more) {
      return new Shape(method, segments + more, wordsOfHeaders, contentType, formFields);
    }
  }

  private static Shape shapeOf(Request request) {
    Map<String, Integer> text = new TreeMap<>();
    request.headers().forEach((name, value) -> text.put(name, textOf(name, value)));
    boolean form = request.contentType().startsWith("application/x-www-form-urlencoded");
    int fields = form ? new String(request.body(), UTF_8).split("&", -1).length : 0;
    int segments = request.path().split("/", -1).length - 1;
    return new Shape(request.method(), segments, text, request.contentType(), fields);
  }

  /** A comma parts what an Authorization holds, and is a character like others elsewhere. */
  private static int textOf(String name, String value) {
    return value.split(name.equals("Authorization") ? "[ ,]" : " ", -1).length;
  }

  private static String randomText(Random random) {
    return IntStream.rangeClosed(0, random.nextInt(4))
        .mapToObj(any -> piece(random))
        .collect(Collectors.joining());
  }

  private static String piece(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> String.valueOf((char) random.nextInt(0x10000));
      case 1, 2, 3 -> NASTY.get(random.nextInt(NASTY.size()));
      default -> PLAIN.get(random.nextInt(PLAIN.size()));
    };
  }

  private static String visible(String text) {
    return text.chars()
        .mapToObj(c -> c > ' ' && c < 0x7f ? String.valueOf((char) c) : "<%04x>".formatted(c))
        .collect(Collectors.joining("", "\"", "\""));
  }
}
