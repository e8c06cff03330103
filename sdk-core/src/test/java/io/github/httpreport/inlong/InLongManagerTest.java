package io.github.httpreport.inlong;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class InLongManagerTest {

  private static final String BY_GROUP = "/inlong/manager/openapi/dataproxy/getIpList/";
  private static final String ONE_NODE =
      """
      {"success":true,"errMsg":null,"data":{"clusterId":2,"reportSourceType":null,"isIntranet":null,\
      "isSwitch":null,"load":20,"maxPacketLength":null,\
      "nodeList":[{"id":1,"ip":"127.0.0.1","port":46842,"protocolType":"HTTP","nodeLoad":65535}]}}\
      """;
  private static final String NO_NODE =
      """
      {"success":true,"errMsg":null,"data":{"clusterId":null,"nodeList":null}}\
      """;
  private static final String NOT_FOUND =
      """
      {"success":false,"errMsg":"group not found by groupId=nope","data":null}\
      """;
  private static final String SERVICE_ERROR =
      """
      {"success":false,"errMsg":"There was an error in the service...","data":null}\
      """;
  private static final String FORBIDDEN =
      """
      {"timestamp":1,"status":403,"error":"Forbidden","path":"/openapi"}\
      """;

  private static final String LEFT_OUT =
      "The Manager lists nodes of group g without a usable ip and port, left out here: ";

  private final FakeExchange exchange = new FakeExchange();

  @Test
  void fetch_oneManager_asksForTheHttpNodesOfTheGroup() {
    exchange.response("m", 200, ONE_NODE);

    NodeList nodes = fetch(InLongManager.of("http://m:8083"), "g");

    assertThat(nodes)
        .isEqualTo(NodeList.of(List.of(Node.of("127.0.0.1", 46842))))
        .extracting(NodeList::maxRequestBytes)
        .isEqualTo(OptionalLong.empty());
    Request request = exchange.lastRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.origin()).hasToString("http://m:8083");
    assertThat(request.path()).isEqualTo(BY_GROUP + "g");
    assertThat(request.contentType()).isEqualTo("application/x-www-form-urlencoded");
    assertThat(request.body()).asString(UTF_8).isEqualTo("protocolType=HTTP");
    assertThat(request.headers()).isEmpty();
    assertThat(request.maxResponseBytes()).isEqualTo(8 * 1024 * 1024);
  }

  @Test
  void fetch_loadsAndLimit_areReturned() {
    exchange.response(
        "m",
        200,
        data(
            "70000",
            """
            {"ip":"10.0.0.1","port":1,"protocolType":"HTTP","nodeLoad":7},
            {"ip":"10.0.0.2","port":2,"protocolType":"http","nodeLoad":0},
            {"ip":"10.0.0.3","port":3,"protocolType":null,"nodeLoad":null},
            {"ip":"10.0.0.4","port":4,"isNew":{"a":[1]}},
            {"ip":"10.0.0.5","port":5,"nodeLoad":-1},
            {"ip":"10.0.0.6","port":6,"nodeLoad":"9"},
            {"ip":"10.0.0.7","port":7,"nodeLoad":99999999999},
            {"ip":"10.0.0.1","port":1,"protocolType":"HTTP","nodeLoad":8},
            {"ip":"10.0.0.9","port":9,"protocolType":"TCP","nodeLoad":1},
            {"ip":"::1","port":65535}\
            """));

    NodeList nodes = fetch(InLongManager.of("http://m"), "g");

    assertThat(nodes.maxRequestBytes()).hasValue(70_000);
    assertThat(nodes.loads().entrySet())
        .extracting(Object::toString)
        .containsExactly(
            "10.0.0.1:1=7",
            "10.0.0.2:2=0",
            "10.0.0.3:3=65535",
            "10.0.0.4:4=65535",
            "10.0.0.5:5=65535",
            "10.0.0.6:6=65535",
            "10.0.0.7:7=65535",
            "[::1]:65535=65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "0", "-1", "\"x\"", "1.5", "99999999999999999999"})
  void fetch_limitThatIsNone_isIgnored(String limit) {
    exchange.response("m", 200, data(limit, "{\"ip\":\"h\",\"port\":1}"));

    assertThat(fetch(InLongManager.of("http://m"), "g").maxRequestBytes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        NO_NODE,
        "{\"success\":true,\"data\":{\"nodeList\":[]}}",
        "{\"success\":true,\"data\":{}}",
        "{\"success\":true,\"data\":{\"nodeList\":"
            + "[{\"ip\":\"h\",\"port\":1,\"protocolType\":\"TCP\"}]}}"
      })
  void fetch_noNodeOfTheProtocol_isAnEmptyList(String response) {
    exchange.response("m", 200, response);

    assertThat(fetch(InLongManager.of("http://m"), "g").nodes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          group not found by groupId=nope
          current group status=to_be_submit was not allowed to get data proxy nodes
          not found any cluster tag...
          not found any data proxy cluster...
          """)
  void fetch_refusal_hasTheTextOfTheManager(String text) {
    exchange.response("m", 200, "{\"success\":false,\"errMsg\":\"" + text + "\",\"data\":null}");

    NodeSourceException failure = failure(InLongManager.of("http://m:8083"));

    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure).hasMessage("Manager http://m:8083 refused: " + text);
  }

  @Test
  void fetch_refusalWithoutText_fails() {
    exchange.response("m", 200, "{\"success\":false,\"errMsg\":null}");

    NodeSourceException failure = failure(InLongManager.of("http://m:8083"));

    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure).hasMessage("Manager http://m:8083 refused: it gave no reason");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      emptyValue = "",
      textBlock =
          """
          200 | {"success":false,"errMsg":"There was an error in the service..."} | failed: There was an error in the service...
          200 | <html>secret</html>                             | gave no node list: HTTP 200, no content type, 19 bytes
          200 | ``                                              | gave no node list: HTTP 200, no content type, 0 bytes
          200 | null                                            | gave no node list: HTTP 200, no content type, 4 bytes
          200 | []                                              | gave no node list: HTTP 200, no content type, 2 bytes
          200 | {"success":true,"data":{"nodeList":[            | gave no node list: HTTP 200, no content type, 36 bytes
          200 | {"success":true,"data":{"nodeList":[]}}}        | gave no node list: HTTP 200, no content type, 40 bytes
          200 | {"success":true}                                | gave no node list: HTTP 200, no content type, 16 bytes
          200 | {"success":true,"data":null}                    | gave no node list: HTTP 200, no content type, 28 bytes
          200 | {"success":true,"data":[]}                      | gave no node list: HTTP 200, no content type, 26 bytes
          200 | {"success":true,"data":{"nodeList":{}}}         | gave no node list: HTTP 200, no content type, 39 bytes
          200 | {"success":true,"data":{"nodeList":"x"}}        | gave no node list: HTTP 200, no content type, 40 bytes
          200 | {"success":"true","data":{"nodeList":[]}}       | gave no node list: HTTP 200, no content type, 41 bytes
          200 | {"data":{"nodeList":[]}}                        | gave no node list: HTTP 200, no content type, 24 bytes
          204 | ``                                              | gave no node list: HTTP 204, no content type, 0 bytes
          302 | ``                                              | gave no node list: HTTP 302, no content type, 0 bytes
          400 | <html>secret</html>                             | gave no node list: HTTP 400, no content type, 19 bytes
          404 | {"status":404,"error":"Not Found"}              | gave no node list: HTTP 404, no content type, 34 bytes
          500 | {"success":false,"errMsg":"no"}                 | gave no node list: HTTP 500, no content type, 31 bytes
          503 | ``                                              | gave no node list: HTTP 503, no content type, 0 bytes
          200 | {"success":true,"data":{"nodeList":[{"ip":null,"port":1},3,{"ip":"h"}]}} | listed only nodes without a usable ip and port: 3
          """)
  void fetch_noReadableAnswer_isUnavailable(int status, String body, String text) {
    exchange.response("m", status, body);

    NodeSourceException failure = failure(InLongManager.of("http://m:8083"));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessage("Manager http://m:8083 " + text);
  }

  @Test
  void fetch_truncatedAnswer_isUnavailableEvenIfItsStartIsJson() {
    exchange.response(
        "m", Response.status(200).body(ONE_NODE.getBytes(UTF_8)).truncated(true).build());

    assertThat(failure(InLongManager.of("http://m")).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ip\":\"a b\",\"port\":1}",
        "{\"ip\":\"\",\"port\":1}",
        "{\"ip\":\"h\\r\\nx: y\",\"port\":1}",
        "{\"ip\":null,\"port\":1}",
        "{\"ip\":7,\"port\":1}",
        "{\"port\":1}",
        "{\"ip\":\"h\"}",
        "{\"ip\":\"h\",\"port\":null}",
        "{\"ip\":\"h\",\"port\":0}",
        "{\"ip\":\"h\",\"port\":70000}",
        "{\"ip\":\"h\",\"port\":-1}",
        "{\"ip\":\"h\",\"port\":99999999999}",
        "{\"ip\":\"h\",\"port\":1.5}",
        "{\"ip\":\"h\",\"port\":\"1\"}",
        "{}",
        "null",
        "\"h:1\""
      })
  void fetch_unusableNodeAmongGoodOnes_isLeftOut(String unusable) {
    exchange.response("m", 200, data("null", unusable + ",{\"ip\":\"good\",\"port\":1}"));

    assertThat(fetch(InLongManager.of("http://m"), "g").nodes())
        .containsExactly(Node.of("good", 1));
  }

  @Test
  void fetch_unusableNodes_areLoggedOncePerChange() {
    String good = "{\"ip\":\"good\",\"port\":1}";
    String bad = "{\"ip\":\"secret bad\",\"port\":1}";
    String oneBad = good + ',' + bad;
    String twoBad = oneBad + ',' + bad;
    List<String> responses = List.of(good, oneBad, oneBad, twoBad, good, good);
    responses.forEach(nodes -> exchange.response("m", 200, data("null", nodes)));
    InLongManager manager = InLongManager.of("http://m");
    Logger logger = (Logger) LoggerFactory.getLogger(InLongManager.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Level before = logger.getLevel();
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
    try {
      responses.forEach(any -> fetch(manager, "g"));
    } finally {
      logger.detachAppender(log);
      logger.setLevel(before);
    }

    assertThat(log.list)
        .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
        .containsExactly(
            tuple(Level.WARN, LEFT_OUT + "1"),
            tuple(Level.WARN, LEFT_OUT + "2"),
            tuple(Level.INFO, "All nodes of group g have a usable address again"));
  }

  @Test
  void fetch_severalManagers_areAskedInTurnBeginningWithTheLastThatAnswered() {
    exchange.fail("a").response("b", 502, "").response("c", 200, ONE_NODE);
    InLongManager manager = InLongManager.of("http://a", "http://b", "http://c");

    assertThat(fetch(manager, "g").nodes()).hasSize(1);
    assertThat(fetch(manager, "g").nodes()).hasSize(1);

    assertThat(exchange.hosts()).containsExactly("a", "b", "c", "c");
  }

  @Test
  void fetch_lastThatAnsweredFails_goesRoundToTheFirst() {
    exchange.fail("a").response("a", 200, ONE_NODE).response("b", 200, ONE_NODE).fail("b");
    InLongManager manager = InLongManager.of("http://a", "http://b");

    fetch(manager, "g");
    fetch(manager, "g");
    fetch(manager, "g");

    assertThat(exchange.hosts()).containsExactly("a", "b", "b", "a", "a");
  }

  @Test
  void fetch_allManagersFail_namesEachFailure() {
    exchange.fail("a").response("b", 200, SERVICE_ERROR).response("c", 404, "");

    NodeSourceException failure =
        failure(InLongManager.of("http://a:1", "https://b:2/base", "http://c:3"));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure)
        .hasMessage(
            "none of 3 Managers answered:"
                + " Manager http://a:1 did not answer: connection refused by a;"
                + " Manager https://b:2/base failed: There was an error in the service...;"
                + " Manager http://c:3 gave no node list: HTTP 404, no content type, 0 bytes");
  }

  @Test
  void fetch_oneManagerFails_keepsTheCause() {
    exchange.fail("a");

    assertThat(failure(InLongManager.of("http://a")))
        .hasMessage("Manager http://a:80 did not answer: connection refused by a")
        .hasRootCauseMessage("connection refused by a");
  }

  @Test
  void fetch_refusal_isFinalAndRemembersWhoAnswered() {
    exchange.fail("a").response("b", 200, NOT_FOUND).response("c", 200, ONE_NODE);
    InLongManager manager = InLongManager.of("http://a", "http://b", "http://c");

    assertThat(failure(manager).kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure(manager)).hasMessageContaining("group not found by groupId=nope");

    assertThat(exchange.hosts()).containsExactly("a", "b", "b");
  }

  @Test
  void fetch_answerThatIsLate_doesNotBlock() {
    CompletableFuture<Response> late = new CompletableFuture<>();
    exchange.script("a", late).response("b", 200, ONE_NODE);

    CompletableFuture<NodeList> nodes =
        InLongManager.of("http://a", "http://b").fetch("g", exchange).toCompletableFuture();

    assertThat(nodes).isNotDone();
    late.completeExceptionally(new IllegalStateException());
    assertThat(nodes).isCompletedWithValueMatching(list -> list.nodes().size() == 1);
  }

  @Test
  void fetch_credentials_areBasicAndOnlyThen() {
    exchange.response("m", 200, ONE_NODE);
    InLongManager manager =
        InLongManager.builder("http://m").credentials("id", "k\u00e9y:1").build();

    fetch(manager, "g");

    String pair = Base64.getEncoder().encodeToString("id:k\u00e9y:1".getBytes(UTF_8));
    assertThat(exchange.lastRequest().headers())
        .containsOnlyKeys("authorization")
        .containsEntry("authorization", "Basic " + pair);
  }

  @Test
  void fetch_credentialsThatChange_areAskedForEachTime() {
    exchange.response("m", 200, ONE_NODE);
    AtomicInteger turn = new AtomicInteger();
    InLongManager manager =
        InLongManager.builder("http://m")
            .credentials(() -> InLongManager.Credentials.of("id", "key" + turn.incrementAndGet()))
            .build();

    fetch(manager, "g");
    fetch(manager, "g");

    assertThat(exchange.requests())
        .extracting(request -> request.headers().get("authorization").substring(6))
        .extracting(pair -> new String(Base64.getDecoder().decode(pair), UTF_8))
        .containsExactly("id:key1", "id:key2");
  }

  @Test
  void fetch_supplierOfCredentialsFails_isUnauthenticatedAndAsksNobody() {
    InLongManager manager =
        InLongManager.builder("http://m")
            .credentials(
                () -> {
                  throw new IllegalStateException("vault is closed");
                })
            .build();

    NodeSourceException failure = failure(manager);

    assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(failure).hasRootCauseMessage("vault is closed");
    assertThat(exchange.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void fetch_wrongCredentials_areNamedByIdAndNotByKey(int status) {
    exchange.response("m", status, FORBIDDEN).response("n", 200, ONE_NODE);

    NodeSourceException failure =
        failure(
            InLongManager.builder("http://m:8083", "http://n")
                .credentials("my-id", "my-key")
                .build());

    assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(failure)
        .hasMessage(
            "Manager http://m:8083 answered HTTP %d:"
                + " it does not take secretId \"my-id\" with the key given",
            status);
    assertThat(exchange.hosts()).containsExactly("m");
  }

  @Test
  void fetch_secretEchoedWhereTheTextIsCut_isHidden() {
    String key = "0123456789abcdef";
    for (int before = 1000 - 80; before < 1000; before++) {
      String errMsg = "x".repeat(before) + key;
      exchange.response("m", 200, "{\"success\":false,\"errMsg\":\"" + errMsg + "\"}");

      NodeSourceException failure =
          failure(InLongManager.builder("http://m").credentials("my-id", key).build());

      assertThat(failure).hasMessageNotContaining(key.substring(0, 4));
    }
  }

  @Test
  void fetch_credentialsMissing_saysSo() {
    exchange.response("m", 403, FORBIDDEN);

    NodeSourceException failure = failure(InLongManager.of("http://m:8083"));

    assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(failure)
        .hasMessage(
            "Manager http://m:8083 answered HTTP 403:"
                + " it asks for a secretId and secretKey, and none are set");
  }

  @Test
  void fetch_clusterName_asksByCluster() {
    exchange.response("m", 200, ONE_NODE);

    fetch(InLongManager.builder("http://m").clusterName("c 1?x").build(), "g");

    assertThat(exchange.lastRequest().path())
        .isEqualTo("/inlong/manager/openapi/dataproxy/getIpListByClusterName/c%201%3Fx");
  }

  @Test
  void fetch_groupWithReservedCharacters_isOneSegmentOfThePath() {
    exchange.response("m", 200, ONE_NODE);

    fetch(InLongManager.of("http://m/base"), "a..b%2F&c?d#e f+g: y");

    assertThat(exchange.lastRequest().path())
        .isEqualTo("/base" + BY_GROUP + "a..b%252F%26c%3Fd%23e%20f%2Bg%3A%20y");
  }

  /** A Manager answers 400 to them and tells no reason. */
  @ParameterizedTest
  @ValueSource(
      strings = {"\u65e5", "caf\u00e9", "a;b", "a/b", "a\\b", "a\u0000", "a\r\nX: y", "\u007f"})
  void fetch_groupThatNoManagerTakes_isRefusedByNameWithoutARequest(String group) {
    NodeSourceException error =
        failureOf(InLongManager.of("http://m").fetch(group, exchange).toCompletableFuture());

    assertThat(error.kind()).isEqualTo(Kind.REFUSED);
    assertThat(error)
        .hasMessageStartingWith("no Manager can be asked: groupId ")
        .hasMessageContaining("that no Manager takes");
    assertThat(String.valueOf(error.getMessage())).doesNotContain("\r", "\n");
    assertThat(exchange.requests()).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InLongManager.builder("http://m").clusterName(group))
        .withMessageStartingWith("clusterName ");
  }

  @Test
  void fetch_randomGroup_neverLeavesItsSegment() {
    exchange.response("m", 200, ONE_NODE);
    InLongManager manager = InLongManager.of("http://m");
    RandomText text = new RandomText();
    for (int round = 0; round < 2_000; round++) {
      String group = (text.body() + "%2F ?#" + text.body()).replaceAll("[^ -~]|[;/\\\\]", "");
      String as = text.seed() + " round " + round;

      fetch(manager, group);

      String path = exchange.lastRequest().path();
      assertThat(path).as(as).startsWith(BY_GROUP);
      String segment = path.substring(BY_GROUP.length());
      assertThat(segment).as(as).matches("[A-Za-z0-9._~%-]+");
      assertThat(URLDecoder.decode(segment, UTF_8)).as(as).isEqualTo(group);
      assertThat(exchange.lastRequest().headers()).as(as).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "a\uD800b"})
  void fetch_groupThatNoPathCanCarry_isRefusedAndAsksNobody(String group) {
    CompletableFuture<NodeList> nodes =
        InLongManager.of("http://m").fetch(group, exchange).toCompletableFuture();

    NodeSourceException failure = failureOf(nodes);
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure).hasMessageStartingWith("no Manager can be asked: groupId ");
    assertThat(exchange.requests()).isEmpty();
  }

  @Test
  void of_badUrls_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(InLongManager::of)
        .withMessage("there must be at least one Manager URL");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InLongManager.of("http://a", "nonsense"))
        .withMessageContaining("\"nonsense\"");
  }

  @Test
  void of_sameManagerTwice_isAskedOnce() {
    exchange.fail("a");

    failure(InLongManager.of("http://a", "http://a:80/"));

    assertThat(exchange.hosts()).containsExactly("a");
  }

  @Test
  void refreshInterval_notPositive_isRefusedByName() {
    InLongManager.Builder builder = InLongManager.builder("http://m");

    for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(366))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder.refreshInterval(bad))
          .withMessageContaining("refreshInterval")
          .withMessageContaining(bad.toString());
    }
    assertThat(builder.build().refreshInterval()).hasValue(Duration.ofSeconds(60));
    assertThat(builder.refreshInterval(Duration.ofDays(365)).build().refreshInterval())
        .hasValue(Duration.ofDays(365));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "..", "\uDC00"})
  void clusterName_thatIsNone_isRefusedByName(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InLongManager.builder("http://m").clusterName(name))
        .withMessageStartingWith("clusterName ");
  }

  @ParameterizedTest
  @CsvSource({
    "' ', key, secretId",
    "'', key, secretId",
    "a:b, key, secretId",
    "id, ' ', secretKey"
  })
  void credentials_thatAreNone_areRefusedByName(String id, String key, String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InLongManager.builder("http://m").credentials(id, key))
        .withMessageStartingWith(name + " must not ");
  }

  @Test
  void toString_managerAndCredentials_showNoSecret() {
    InLongManager manager =
        InLongManager.builder("http://m:8083", "https://n/base").credentials("id", "hush").build();

    assertThat(manager).hasToString("InLongManager[http://m:8083, https://n:443/base]");
    assertThat(InLongManager.Credentials.of("id", "hush")).hasToString("Credentials[id]");
  }

  private static String data(String maxPacketLength, String nodes) {
    return "{\"success\":true,\"errMsg\":null,\"data\":{\"clusterId\":2,\"maxPacketLength\":"
        + maxPacketLength
        + ",\"nodeList\":["
        + nodes
        + "]}}";
  }

  private NodeList fetch(InLongManager manager, String groupId) {
    return manager.fetch(groupId, exchange).toCompletableFuture().join();
  }

  private NodeSourceException failure(InLongManager manager) {
    return failureOf(manager.fetch("nope", exchange).toCompletableFuture());
  }

  /** As its caller sees it: on a stage that hangs on the one that failed. */
  private static NodeSourceException failureOf(CompletableFuture<NodeList> nodes) {
    return (NodeSourceException)
        nodes
            .handle(
                (list, failure) ->
                    failure instanceof CompletionException ? failure.getCause() : failure)
            .join();
  }
}
