package io.github.httpreport.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.StoredRecord;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What every appender does, configured by XML, with its framework's root logger at DEBUG and the
 * appender on it. The time limits only end a test that hangs.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
public abstract class AppenderContract {

  protected static final String APPLICATION = "com.example.Shop";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String STORED = ScriptedServer.ok("{\"code\":\"0\",\"msg\":\"Ok\"}");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir protected Path directory;

  private LocalCluster cluster;

  /** Configures the framework of this process, in place of what it was configured with. */
  protected abstract void configure(String xml);

  /** Ends logging, as a shutdown hook would. */
  protected abstract void stop();

  protected abstract void log(String logger, String message, @Nullable Throwable thrown);

  /**
   * A whole configuration.
   *
   * @param options those of the appender
   * @param layout a pattern, or empty for the default
   */
  protected abstract String xml(Map<String, String> options, String layout);

  /** The same with a layout of a test that throws whenever a message has the word "throw" in it. */
  protected abstract String xmlWithThrowingLayout(Map<String, String> options);

  /** Warnings and errors of the framework about itself since the last configuration. */
  protected abstract List<String> complaints();

  /** Names of loggers that another appender on the root logger has seen. */
  protected abstract List<String> loggersSeenByAnother();

  /** Events that the appender has lost. */
  protected abstract long lost();

  /** Configures from the file in the first argument, logs as often as the second says, and ends. */
  protected abstract Class<?> program();

  @BeforeEach
  void startCluster() {
    cluster = LocalCluster.start(2);
  }

  @AfterEach
  void end() {
    stop();
    cluster.close();
  }

  private Map<String, String> options(String... more) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("manager", cluster.managerUrl());
    options.put("group", "logs");
    options.put("stream", "shop");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  private void configureWith(String... more) {
    configure(xml(options(more), ""));
  }

  private void log(String message) {
    log(APPLICATION, message, null);
  }

  private List<String> stored() {
    return cluster.stored().stream().map(StoredRecord::messages).flatMap(List::stream).toList();
  }

  private void awaitStored(int count) {
    await().atMost(PATIENCE).until(() -> cluster.storedCount() >= count);
    assertThat(stored()).hasSize(count);
  }

  private JsonNode onlyEvent() throws IOException {
    awaitStored(1);
    return JSON.readTree(stored().get(0));
  }

  private List<String> storedTexts() {
    return stored().stream().map(AppenderContract::messageOf).toList();
  }

  private static String messageOf(String line) {
    try {
      return JSON.readTree(line).get("message").textValue();
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  protected static List<String> senderThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("http-report-log-"))
        .toList();
  }

  protected static List<String> numbered(int count) {
    return IntStream.range(0, count).mapToObj(i -> "event " + i).toList();
  }

  @Test
  void append_defaultLayout_isOneJsonObject() throws IOException {
    configureWith();
    log("\u7f16\u53f7 \"42\"\tok \ud83d\ude00");
    JsonNode event = onlyEvent();
    assertThat(event.get("message").textValue()).isEqualTo("\u7f16\u53f7 \"42\"\tok \ud83d\ude00");
    assertThat(event.get("level").textValue()).isEqualTo("INFO");
    assertThat(event.get("logger").textValue()).isEqualTo(APPLICATION);
    assertThat(event.get("thread").textValue()).isEqualTo(Thread.currentThread().getName());
    assertThat(event.get("timestamp").textValue()).endsWith("Z");
    assertThat(event.has("exception")).isFalse();
  }

  @Test
  void append_stackTrace_arrivesAsOneMessage() throws IOException {
    configureWith();
    log(APPLICATION, "failed\nbadly", new IllegalStateException("a\nb", new IOException("c")));
    JsonNode event = onlyEvent();
    assertThat(event.get("message").textValue()).isEqualTo("failed\nbadly");
    JsonNode exception = event.get("exception");
    assertThat(exception.get("type").textValue()).isEqualTo("java.lang.IllegalStateException");
    assertThat(exception.get("message").textValue()).isEqualTo("a\nb");
    assertThat(exception.get("stackTrace").textValue())
        .contains("IllegalStateException: a\nb", "Caused by: java.io.IOException: c", "\tat ");
  }

  @Test
  void append_halfSurrogate_isReplacedAndArrives() throws IOException {
    configureWith();
    log("half \ud83d of a pair");
    assertThat(onlyEvent().get("message").textValue()).isEqualTo("half \ufffd of a pair");
  }

  @Test
  void append_everySetting_isTaken() throws IOException {
    cluster.manager().authentication("the-id", "the-key");
    Path snapshots = directory.resolve("snapshots");
    configureWith(
        "secretId", "the-id",
        "secretKey", "the-key",
        "linger", "20 ms",
        "batchMessages", "3",
        "batchBytes", "64KB",
        "buffer", "1 MB",
        "maxInFlight", "4",
        "connectTimeout", "2s",
        "requestTimeout", "PT5S",
        "deliveryTimeout", "1m",
        "closeTimeout", "1h",
        "snapshots", snapshots.toString(),
        "lineBreaks", "escape");
    numbered(10).forEach(this::log);
    awaitStored(10);
    assertThat(storedTexts()).containsExactlyInAnyOrderElementsOf(numbered(10));
    assertThat(cluster.stored()).allMatch(record -> record.count() <= 3);
    assertThat(cluster.stored()).allMatch(record -> record.groupId().equals("logs"));
    await().atMost(PATIENCE).until(() -> Files.isDirectory(snapshots));
    assertThat(complaints()).isEmpty();
  }

  @Test
  void append_fixedNodesAndProxy_areUsed() {
    try (ScriptedServer proxy = ScriptedServer.start(ScriptedServer.always(STORED))) {
      Map<String, String> options = options("nodes", "node.invalid:1, node.invalid:2");
      options.remove("manager");
      options.put("proxy", "127.0.0.1:" + proxy.port());
      configure(xml(options, ""));
      log("by way of a proxy");
      await().atMost(PATIENCE).until(() -> !proxy.requests().isEmpty());
      assertThat(proxy.requests().get(0)).startsWith("POST http://node.invalid:");
    }
  }

  @Test
  void append_tls_trustsTheAuthorityAndShowsTheCertificate() throws Exception {
    Certificates certificates =
        Certificates.in(directory).signed("good", "-ext", "san=ip:127.0.0.1");
    try (ScriptedServer node =
        ScriptedServer.start(
            certificates.serverSocketForKnownClients("good"), ScriptedServer.always(STORED))) {
      Map<String, String> options = options("nodes", "https://127.0.0.1:" + node.port());
      options.remove("manager");
      options.put("trustCertificates", certificates.authorityFile().toString());
      options.put("clientCertificate", certificates.keyFile("good").toString());
      options.put("clientCertificatePassword", Certificates.PASSWORD);
      configure(xml(options, ""));
      log("in secret");
      await().atMost(PATIENCE).until(() -> !node.requests().isEmpty());
      assertThat(node.requests().get(0)).contains("in+secret");
    }
  }

  @Test
  void append_patternWithLineBreaks_isOneMessage() {
    configure(xml(options(), "%-5level %msg%n"));
    log("first\nsecond");
    awaitStored(1);
    assertThat(stored()).containsExactly("INFO  first\\nsecond");
  }

  @Test
  void append_lineBreaksSplit_areSeveralMessages() {
    configure(xml(options("lineBreaks", "split"), "%msg%n"));
    log("first\nsecond");
    awaitStored(2);
    assertThat(stored()).containsExactly("first", "second");
  }

  @Test
  void append_emptyText_isLostAndReported() {
    configure(xml(options(), "%msg%n"));
    log("");
    log("something");
    awaitStored(1);
    assertThat(lost()).isEqualTo(1);
    assertThat(complaints()).singleElement().asString().contains("Lost 1 log events", "blank");
  }

  @Test
  void append_rootAtDebug_neverLogsItself() {
    configureWith("linger", "1ms");
    cluster.node(0).always(Fault.queueFull());
    cluster.node(1).script(Fault.queueFull(), Fault.resetAfterRead());
    log("the only one");
    awaitStored(1);
    Thread thread = new Thread(() -> log("from within"), "http-report-log-other-1");
    thread.start();
    await().atMost(PATIENCE).until(() -> !thread.isAlive());
    stop();
    assertThat(loggersSeenByAnother()).contains(APPLICATION);
    assertThat(loggersSeenByAnother()).anyMatch(name -> name.startsWith("io.github.httpreport."));
    assertThat(storedTexts()).containsExactly("the only one");
  }

  @Test
  void append_managerDownAtStart_arrivesLater() {
    cluster.manager().stop();
    configureWith();
    numbered(20).forEach(this::log);
    cluster.manager().start();
    awaitStored(20);
    assertThat(lost()).isZero();
    assertThat(complaints()).isEmpty();
  }

  @Test
  void append_bufferFull_losesAtOnceAndReportsOnce() {
    cluster.nodes().forEach(node -> node.always(Fault.noResponse()));
    configureWith("buffer", "4096", "closeTimeout", "0s");
    numbered(2_000).forEach(this::log);
    assertThat(lost()).isBetween(1_900L, 1_999L);
    assertThat(complaints()).singleElement().asString().contains("BufferFullException");
    stop();
    assertThat(lost()).isEqualTo(2_000);
    assertThat(complaints())
        .hasSize(2)
        .last()
        .asString()
        .contains("2000 since the start", "DeliveryTimeoutException");
  }

  @Test
  void append_messageTooLarge_isLostAndReported() {
    configureWith();
    log("x".repeat(1_000_000));
    assertThat(lost()).isEqualTo(1);
    assertThat(complaints())
        .singleElement()
        .asString()
        .contains("MessageTooLargeException")
        .doesNotContain("xxxx");
  }

  @Test
  void append_throwingLayout_isLostAndTheNextArrives() {
    configure(xmlWithThrowingLayout(options()));
    log("throw secret-body");
    log("throw error");
    log("fine");
    awaitStored(1);
    assertThat(stored()).containsExactly("fine");
    assertThat(lost()).isEqualTo(2);
    assertThat(complaints())
        .singleElement()
        .asString()
        .contains("IllegalStateException")
        .doesNotContain("secret-body");
  }

  @Test
  void append_interruptedThread_deliversAndStaysInterrupted() {
    configureWith();
    Thread.currentThread().interrupt();
    try {
      log("interrupted");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      stop();
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(storedTexts()).containsExactly("interrupted");
  }

  @Test
  void stop_withoutLinger_flushesEverything() {
    configureWith("linger", "1h");
    numbered(1_234).forEach(this::log);
    stop();
    assertThat(storedTexts()).containsExactlyInAnyOrderElementsOf(numbered(1_234));
    assertThat(senderThreads()).isEmpty();
  }

  @Test
  void stop_nodesDoNotAnswer_givesUpAfterItsTimeAndReports() {
    cluster.nodes().forEach(node -> node.always(Fault.noResponse()));
    configureWith("closeTimeout", "200ms", "requestTimeout", "10m");
    numbered(5).forEach(this::log);
    stop();
    assertThat(complaints())
        .singleElement()
        .asString()
        .contains("Lost 5 log events for logs/shop {DeliveryTimeoutException=5}");
    assertThat(senderThreads()).isEmpty();
  }

  @Test
  void reconfigure_manyTimes_losesNothingAndLeaksNoThread() {
    List<String> all = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      configureWith("linger", round % 2 == 0 ? "1h" : "1ms");
      for (int i = 0; i < 50; i++) {
        all.add("round " + round + " event " + i);
        log(all.get(all.size() - 1));
      }
    }
    stop();
    assertThat(storedTexts()).containsExactlyInAnyOrderElementsOf(all);
    assertThat(senderThreads()).isEmpty();
  }

  @Test
  void stop_inShutdownHook_flushesEverything() throws Exception {
    Path file = Files.writeString(directory.resolve("log.xml"), xml(options("linger", "1h"), ""));
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program().getName(),
                file.toString(),
                "700")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    try {
      assertThat(java.waitFor(90, TimeUnit.SECONDS)).isTrue();
      String output = Files.readString(directory.resolve("output"));
      assertThat(java.exitValue()).as(output).isZero();
      assertThat(storedTexts()).containsExactlyInAnyOrderElementsOf(numbered(700));
    } finally {
      java.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "manager, not a url",
    "group, ' '",
    "stream, ' '",
    "secretKey, alone",
    "linger, 50",
    "linger, -1ms",
    "batchMessages, 0",
    "batchMessages, many",
    "batchBytes, 9999999999",
    "buffer, 1 pound",
    "buffer, 1023",
    "maxInFlight, 0",
    "connectTimeout, 0s",
    "requestTimeout, soon",
    "deliveryTimeout, 0s",
    "closeTimeout, PT-1S",
    "trustCertificates, no-such-file",
    "clientCertificate, no-such-file",
    "clientCertificatePassword, p4ssw0rd",
    "proxy, http://host:99999",
    "lineBreaks, ignore",
    "nodes, host:port",
    "noSuchOption, 1",
  })
  void configure_badValue_isRefusedByName(String option, String value) {
    configureWith(option, value);
    log("not sent");
    assertThat(complaints()).anySatisfy(text -> assertThat(text).contains(option));
    assertThat(complaints()).noneMatch(text -> text.contains("p4ssw0rd"));
    if (!option.equals("noSuchOption")) {
      stop();
      assertThat(cluster.storedCount()).isZero();
    }
  }
}
