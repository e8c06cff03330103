package io.github.httpreport.spring;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.Batching;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.Message;
import io.github.httpreport.ProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.http.Response;
import io.github.httpreport.inlong.FormEncoding;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.inlong.InLongProtocol;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.spool.SpoolSettings;
import io.github.httpreport.testkit.LocalCluster;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting of the builder has a property, every property reaches its setting. */
class SenderPropertiesTest {

  private static final String ROOT = "";

  /** Where the settings of a builder are properties, and what those are that differ in name. */
  private record Settings(Class<?> builder, String group, Map<String, Set<String>> otherNames) {

    Stream<String> properties() {
      return Arrays.stream(builder.getMethods())
          .filter(method -> method.getReturnType() == builder)
          .filter(method -> !Modifier.isStatic(method.getModifiers()))
          .map(Method::getName)
          .distinct()
          .flatMap(name -> otherNames.getOrDefault(name, Set.of(kebab(name))).stream())
          .map(name -> "http-report." + group + name);
    }
  }

  static Stream<Settings> settings() {
    return Stream.of(
        new Settings(HttpProxySender.Builder.class, ROOT, Map.of()),
        new Settings(
            RetryPolicy.Builder.class,
            "retry.",
            Map.of("backoff", Set.of("initial-backoff", "max-backoff"))),
        new Settings(Batching.Builder.class, "batching.", Map.of()),
        new Settings(SpoolSettings.Builder.class, "spool.", Map.of()),
        new Settings(InLongProtocol.Builder.class, "inlong.", Map.of()),
        new Settings(
            InLongManager.Builder.class,
            "inlong.",
            // They have the group of their own that the builder of the sender has.
            Map.of("credentials", Set.of())));
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** All names of properties, and those of their groups. */
  private static Set<String> names(Class<?> type, String prefix) {
    Set<String> names = new TreeSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + kebab(component.getName());
      names.add(name);
      if (component.getType().isRecord()) {
        names.addAll(names(component.getType(), name + '.'));
      }
    }
    return names;
  }

  @ParameterizedTest
  @MethodSource("settings")
  void everySettingOfABuilder_isAProperty(Settings settings) {
    assertThat(names(SenderProperties.class, "http-report."))
        .containsAll(settings.properties().toList());
  }

  @Test
  void everyProperty_hasADescriptionForEditors() throws IOException {
    JsonNode metadata;
    try (InputStream in =
        SenderProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      metadata = new ObjectMapper().readTree(in);
    }
    Set<String> described =
        metadata.path("properties").findParents("name").stream()
            .filter(property -> property.path("description").asText().length() > 10)
            .map(property -> property.path("name").asText())
            .collect(toCollection(TreeSet::new));
    Set<String> groups =
        metadata.path("groups").findValuesAsText("name").stream()
            .collect(toCollection(TreeSet::new));

    Set<String> all = names(SenderProperties.class, "http-report.");
    all.removeAll(groups);
    assertThat(all).hasSizeGreaterThan(40);
    assertThat(described).containsAll(all).contains("http-report.senders", "http-report.enabled");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-in-flight=0 | maxInFlight must be at least 1, but is 0",
        "connect-timeout=0s | connectTimeout",
        "request-timeout=0s | requestTimeout",
        "close-timeout=-1s | closeTimeout",
        "name=a b | name must be",
        "proxy=nowhere | proxy",
        "manager=ftp://x | ftp://x",
        "credentials.secret-id=x | credentials.secret-key must be set",
        "credentials.secret-key=x | credentials.secret-id must be set",
        "nodes=nowhere | nodes",
        "node-source=absent | node-source must be",
        "protocol=absent | protocol must be",
        "selector=absent | selector must be",
        "metrics=absent | metrics must be",
        "metrics=micrometer | needs one MeterRegistry",
        "callback-executor=absent | callback-executor must be",
        "retry.max-attempts=0 | maxAttempts",
        "retry.initial-backoff=-1s | ackoff",
        "retry.max-backoff=-1s | ackoff",
        "retry.deadline=0s | deadline",
        "retry.budget-ratio=-1 | budgetRatio",
        "batching.linger=-1s | linger",
        "batching.max-messages=0 | maxMessages",
        "batching.max-bytes=0B | maxBytes",
        "batching.max-bytes=3GB | batching.max-bytes must be at most",
        "batching.data-time-granularity=0s | dataTimeGranularity",
        "buffer.max-bytes=1B | buffer must be at least 1024",
        "buffer.block-timeout=0s | block timeout",
        "buffer.when-full=spill | spill()",
        "spool.max-bytes=1B | spool.directory must be set",
        "spool.max-age=1d | spool.directory must be set",
        "spool.write-ahead=true | spool.directory must be set",
        "tls.bundle=absent | tls.bundle",
        "tls.trust-certificates=absent.pem | absent.pem",
        "tls.client-certificate=absent.p12 | absent.p12",
        "inlong.max-request-bytes=0B | maxRequestBytes",
        "inlong.refresh-interval=0s | refreshInterval",
        "inlong.cluster-name= | clusterName",
      })
  void badValue_isRefusedByNameAndPrefix(String property, String text) {
    String[] where =
        property.matches("(manager|nodes|node-source).*")
            ? new String[0]
            : new String[] {"http-report.senders.x.manager=http://127.0.0.1:1"};
    Contexts.runner(where)
        .withPropertyValues("http-report.senders.x." + property)
        .run(
            context ->
                assertThat(messages(context.getStartupFailure()))
                    .contains("http-report.senders.x.*")
                    .contains(text));
  }

  private static String messages(Throwable error) {
    return Stream.iterate(error, e -> e != null, Throwable::getCause)
        .filter(SenderConfigurationException.class::isInstance)
        .map(Throwable::getMessage)
        .findFirst()
        .orElseGet(() -> "another failure: " + error);
  }

  @Test
  void failure_isExplainedToWhoeverStartsTheApplication() {
    var analysis =
        new SenderConfigurationFailureAnalyzer()
            .analyze(
                new SenderConfigurationException(
                    "default", new IllegalArgumentException("maxInFlight must be at least 1")));

    assertThat(analysis.getDescription())
        .contains("http-report.*")
        .contains("maxInFlight must be at least 1");
    assertThat(analysis.getAction()).contains("http-report.enabled=false");
  }

  private static WireProtocol protocol(FormEncoding encoding, boolean retryUnknownTopic) {
    return SenderFactory.inLong(
        new SenderProperties.InLong(encoding, null, retryUnknownTopic, null, null, null));
  }

  @Test
  void inlong_settings_reachTheProtocol() {
    Message cjk = Message.of("中文");
    Function<Boolean, Verdict> unknownTopic =
        retry ->
            protocol(FormEncoding.STANDARD, retry)
                .classify(
                    Response.status(200)
                        .body("{\"code\":\"115\",\"msg\":\"x\"}".getBytes(StandardCharsets.UTF_8))
                        .build());

    assertThat(protocol(FormEncoding.COMPACT, false).sizeOf(cjk))
        .isLessThan(protocol(FormEncoding.STANDARD, false).sizeOf(cjk));
    assertThat(unknownTopic.apply(true)).isInstanceOf(Verdict.Retry.class);
    assertThat(unknownTopic.apply(false)).isInstanceOf(Verdict.Rejected.class);
  }

  @Test
  void goodValues_ofEverything_makeASenderThatSends(@TempDir Path directory) {
    try (LocalCluster cluster = LocalCluster.builder().authentication("id", "key").start()) {
      Contexts.runner(
              "http-report.manager=http://127.0.0.1:1," + cluster.managerUrl(),
              "http-report.credentials.secret-id=id",
              "http-report.credentials.secret-key=key",
              "http-report.inlong.allow-newlines=true",
              "http-report.inlong.refresh-interval=30s",
              "http-report.selector=round-robin",
              "http-report.retry.max-attempts=3",
              "http-report.retry.max-backoff=1s",
              "http-report.retry.unknown-outcome=resend",
              "http-report.batching.linger=1ms",
              "http-report.buffer.max-bytes=1MB",
              "http-report.buffer.when-full=spill",
              "http-report.snapshots=" + directory.resolve("lists"),
              "http-report.spool.directory=" + directory.resolve("spool"),
              "http-report.spool.max-bytes=2MB",
              "http-report.spool.write-ahead=true")
          .run(
              context -> {
                ProxySender sender = context.getBean(ProxySender.class);
                assertThat(sender.enqueue("two\nlines", "group", "stream").join().spooled())
                    .as("write-ahead")
                    .isTrue();

                Awaitility.await().until(() -> cluster.stored().size() == 1);
                Awaitility.await().until(() -> Files.exists(directory.resolve("lists")));
                assertThat(sender.status().bufferMaxBytes()).isEqualTo(1 << 20);
                assertThat(sender.status().spoolMaxBytes()).isEqualTo(2 << 20);
              });
    }
  }

  @Test
  void secrets_areInNoText() {
    assertThat(new SenderProperties.Credentials("id", "canary"))
        .asString()
        .doesNotContain("canary");
    assertThat(new SenderProperties.Tls(null, null, null, "canary"))
        .asString()
        .doesNotContain("canary");
  }
}
