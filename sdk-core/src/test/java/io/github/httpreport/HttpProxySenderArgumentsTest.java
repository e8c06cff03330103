package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.spool.SpoolSettings;
import io.github.httpreport.testkit.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets an error that names it, and nothing is sent. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpProxySenderArgumentsTest {

  private LocalCluster cluster;
  private ProxySender sender;

  @BeforeAll
  void start() {
    cluster = LocalCluster.start(1);
    sender = HttpProxySender.builder().manager(cluster.managerUrl()).build();
  }

  @AfterAll
  void stop() {
    sender.close();
    cluster.close();
  }

  static Stream<Arguments> badSends() {
    return Stream.of(
        Arguments.of(null, "g", "s", "bodies must not be null"),
        Arguments.of(List.of(), "g", "s", "bodies must not be empty"),
        Arguments.of(Arrays.asList("a", null), "g", "s", "body 1 must not be null"),
        Arguments.of(List.of("a", "b", " \t"), "g", "s", "body 2 is blank"),
        Arguments.of(List.of(""), "g", "s", "body 0 is blank"),
        Arguments.of(List.of("a", "secret\nline"), "g", "s", "body 1 holds a newline"),
        Arguments.of(List.of("secret\uD800"), "g", "s", "body 0 holds half a surrogate pair"),
        Arguments.of(List.of("a"), null, "s", "groupId must not be null"),
        Arguments.of(List.of("a"), " ", "s", "groupId must not be blank"),
        Arguments.of(List.of("a"), "g", null, "streamId must not be null"),
        Arguments.of(List.of("a"), "g", "", "streamId must not be blank"));
  }

  @ParameterizedTest
  @MethodSource("badSends")
  void send_badArgument_isRefusedByName(
      List<String> bodies, String groupId, String streamId, String text) {
    assertThatThrownBy(() -> sender.send(bodies, groupId, streamId))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> sender.sendAsync(bodies, groupId, streamId))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
    assertThat(cluster.node(0).requests()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb"})
  void enqueue_badBody_isRefused(String body) {
    assertThatThrownBy(() -> sender.enqueue(body, "g", "s"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("body ");
  }

  static Stream<Arguments> badMessages() {
    Message good = Message.of("a");
    return Stream.of(
        Arguments.of(null, "messages must not be null"),
        Arguments.of(List.of(), "messages must not be empty"),
        Arguments.of(Arrays.asList(good, null), "message 1 must not be null"),
        Arguments.of(List.of(good, Message.keyed(null, "secret")), "body 1 must not be null"),
        Arguments.of(List.of(good, good, Message.keyed("a", "secret")), "body 2 has a key"));
  }

  @ParameterizedTest
  @MethodSource("badMessages")
  void send_badMessage_isRefusedByName(List<Message> messages, String text) {
    assertThatThrownBy(() -> sender.send(messages, new Destination("g", "s")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(text)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> sender.sendAsync(messages, new Destination("g", "s")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(text);
    assertThat(cluster.node(0).requests()).isZero();
  }

  @Test
  void messages_destinationNull_isRefusedByName() {
    List<Message> messages = List.of(Message.of("a"));
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> sender.send(messages, null),
            () -> sender.sendAsync(messages, null),
            () -> sender.enqueue(Message.of("a"), null))) {
      assertThatThrownBy(call)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("destination must not be null");
    }
  }

  @Test
  void enqueue_messageNull_isRefused() {
    assertThatThrownBy(() -> sender.enqueue(null, new Destination("g", "s")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("message must not be null");
  }

  static Stream<Arguments> badSettings() {
    return Stream.of(
        bad("manager", b -> b.manager()),
        bad("ftp://m:1", b -> b.manager("ftp://m:1")),
        bad("not a url", b -> b.manager("not a url")),
        bad("secretId", b -> b.credentials(" ", "key")),
        bad("secretKey", b -> b.credentials("id", "")),
        bad("host:port", b -> b.nodes("nohost")),
        bad("port", b -> b.nodes("host:70000")),
        bad("host", b -> b.nodes("ho st:80")),
        bad("nodes", b -> b.nodes()),
        bad("connectTimeout", b -> b.connectTimeout(Duration.ZERO)),
        bad("requestTimeout", b -> b.requestTimeout(Duration.ofSeconds(-1))),
        bad("closeTimeout", b -> b.closeTimeout(Duration.ofSeconds(-1))),
        bad("buffer", b -> b.buffer(10, WhenFull.fail())),
        bad("maxInFlight", b -> b.maxInFlight(0)),
        bad("name", b -> b.name("two words")),
        bad("proxy", b -> b.proxy("nowhere")),
        bad(
            "linger",
            b ->
                b.batching(
                    Batching.builder()
                        .linger(Duration.ofSeconds(-1))
                        .maxMessages(1)
                        .maxBytes(1)
                        .build())),
        bad("maxMessages", b -> b.batching(Batching.builder().maxMessages(0).build())),
        bad("maxBytes", b -> b.batching(Batching.builder().maxBytes(0).build())),
        bad(
            "dataTimeGranularity",
            b -> b.batching(Batching.builder().dataTimeGranularity(Duration.ZERO).build())),
        bad(
            "dataTimeGranularity",
            b ->
                b.batching(
                    Batching.builder().dataTimeGranularity(Duration.ofNanos(1_500_000)).build())),
        bad("maxAttempts", b -> b.retry(RetryPolicy.builder().maxAttempts(0).build())),
        bad("deadline", b -> b.retry(RetryPolicy.builder().deadline(Duration.ZERO).build())),
        bad("budgetRatio", b -> b.retry(RetryPolicy.builder().budgetRatio(Double.NaN).build())),
        bad(
            "maxBackoff",
            b ->
                b.retry(
                    RetryPolicy.builder()
                        .backoff(Duration.ofSeconds(2), Duration.ofSeconds(1))
                        .build())),
        bad("block timeout", b -> b.buffer(4096, WhenFull.block(Duration.ZERO))),
        bad("none is", HttpProxySender.Builder::build),
        bad("2 are", b -> b.nodes("h:1").manager("http://m").build()),
        bad("credentials", b -> b.nodes("h:1").credentials("id", "key").build()));
  }

  private static Arguments bad(String text, Function<HttpProxySender.Builder, Object> call) {
    return Arguments.of(text, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badSettings")
  void builder_badSetting_isRefusedByName(
      String text, Function<HttpProxySender.Builder, Object> call) {
    assertThatThrownBy(() -> call.apply(HttpProxySender.builder()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }

  @Test
  void build_spillWithoutASpool_isRefused() {
    assertThatThrownBy(
            () ->
                HttpProxySender.builder()
                    .nodes("localhost:1")
                    .buffer(1 << 20, WhenFull.spill())
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spill()")
        .hasMessageContaining("spool");
  }

  @Test
  void build_spoolAndAtMostOnce_isRefused() {
    assertThatThrownBy(
            () ->
                HttpProxySender.builder()
                    .nodes("localhost:1")
                    .spool(SpoolSettings.in(Path.of("never-made")))
                    .retry(
                        RetryPolicy.builder()
                            .unknownOutcome(RetryPolicy.UnknownOutcome.FAIL)
                            .build())
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spool")
        .hasMessageContaining("FAIL");
  }
}
