package io.github.httpreport.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.httpreport.Batching;
import io.github.httpreport.TlsSettings;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.spool.SpoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.util.InstantiationUtil;
import org.apache.flink.util.function.SerializableFunction;
import org.apache.flink.util.function.SerializableSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** Mistakes in a sink: refused when it is built, by the name of the setting. */
class HttpReportSinkBuilderTest {

  /** Tells the overloads apart. */
  private interface Function extends SerializableFunction<String, String> {}

  private static final SerializableSupplier<InLongManager.Credentials> LOGIN = new Login();

  static final List<Arguments> mistakes =
      List.of(
          mistake("exactly one of manager, nodes", sink -> sink.nodes("host:1")),
          mistake("credentials are for a manager", sink -> nodesOnly().credentials(LOGIN).build()),
          mistake("manager: ", sink -> sink.manager()),
          mistake("manager: ", sink -> sink.manager("ftp://host")),
          mistake("nodes", sink -> sink.nodes("no port")),
          mistake("groupId must not be blank", sink -> sink.groupId(" ")),
          mistake("streamId must not be blank", sink -> sink.streamId("")),
          mistake("groupId must be set", sink -> sink.groupId((String) null)),
          mistake("exactly one of serializer and text", sink -> sink.text(record -> record)),
          mistake("serializer must be set", sink -> sink.serializer(null)),
          mistake("dataTimeGranularity", sink -> sink.dataTimeGranularity(Duration.ZERO)),
          mistake(
              "dataTimeGranularity rounds data times",
              sink -> sink.dataTimeGranularity(Duration.ofSeconds(1))),
          mistake(
              "at most one of dataTime and dataTimeFromTimestamp",
              sink -> sink.dataTime(record -> Instant.EPOCH).dataTimeFromTimestamp()),
          mistake("buffer must be at least 1024", sink -> sink.buffer(1023)),
          mistake("bufferTimeout", sink -> sink.bufferTimeout(Duration.ZERO)),
          mistake("connectTimeout", sink -> sink.connectTimeout(Duration.ZERO)),
          mistake("requestTimeout", sink -> sink.requestTimeout(Duration.ZERO)),
          mistake("maxInFlight", sink -> sink.maxInFlight(0)),
          mistake("text must be serializable", sink -> sink.text(r -> r + id(sink))),
          mistake("groupId must be serializable", sink -> sink.groupId(r -> id(sink))),
          mistake("streamId must be serializable", sink -> sink.streamId(r -> id(sink))),
          mistake("key must be serializable", sink -> sink.key(r -> id(sink))),
          mistake(
              "dataTime must be serializable", sink -> sink.dataTime(r -> Instant.parse(id(sink)))),
          mistake("onRefused must be serializable", sink -> sink.onRefused((r, e) -> sink.build())),
          mistake(
              "credentials must be serializable",
              sink -> sink.credentials(() -> InLongManager.Credentials.of(id(sink), ""))),
          mistake(
              "tls must be serializable",
              sink ->
                  sink.tls(
                      () -> TlsSettings.builder().trustCertificates(Path.of(id(sink))).build())),
          mistake(
              "serializer must be serializable",
              sink -> sink.serializer(record -> id(sink).getBytes(UTF_8))),
          mistake("configure must be serializable", sink -> sink.configure(b -> b.name(id(sink)))),
          mistake("requestTimeout", sink -> sink.configure(b -> b.requestTimeout(Duration.ZERO))),
          mistake("exactly one of manager, nodes", sink -> sink.configure(b -> b.nodes("host:1"))),
          mistake(
              "configure must not set a spool",
              sink ->
                  sink.configure(
                      b -> b.spool(SpoolSettings.builder(Path.of("target", "no-spool")).build()))),
          mistake(
              "dataTimeGranularity is PT1S, but that of batching is PT1M",
              sink ->
                  sink.dataTimeFromTimestamp()
                      .dataTimeGranularity(Duration.ofSeconds(1))
                      .batching(
                          Batching.builder().dataTimeGranularity(Duration.ofMinutes(1)).build())),
          mistake("nodes", sink -> sink.nodes()),
          mistake("nodes", sink -> sink.nodes("host:1", null)),
          mistake("nodes", sink -> sink.nodes((String[]) null)),
          mistake("manager", sink -> sink.manager("http://host", null)),
          mistake("manager", sink -> sink.manager((String[]) null)),
          mistake("groupId must be set", sink -> sink.groupId((Function) null)),
          mistake("streamId must be set", sink -> sink.streamId((String) null)),
          mistake("streamId must be set", sink -> sink.streamId((Function) null)),
          mistake("text must be set", sink -> sink.text(null)),
          mistake("dataTime must be set", sink -> sink.dataTime(null)),
          mistake("dataTimeGranularity must be set", sink -> sink.dataTimeGranularity(null)),
          mistake("key must be set", sink -> sink.key(null)),
          mistake("onRefused must be set", sink -> sink.onRefused(null)),
          mistake("credentials must be set", sink -> sink.credentials(null)),
          mistake("batching must be set", sink -> sink.batching(null)),
          mistake("retry must be set", sink -> sink.retry(null)),
          mistake("bufferTimeout must be set", sink -> sink.bufferTimeout(null)),
          mistake("connectTimeout must be set", sink -> sink.connectTimeout(null)),
          mistake("requestTimeout must be set", sink -> sink.requestTimeout(null)),
          mistake("tls must be set", sink -> sink.tls(null)),
          mistake("configure must be set", sink -> sink.configure(null)));

  private static Arguments mistake(String text, Consumer<HttpReportSinkBuilder<String>> mistake) {
    return Arguments.of(text, mistake);
  }

  /** Makes the lambda that uses it hold the builder, which does not travel. */
  private static String id(HttpReportSinkBuilder<String> sink) {
    return Integer.toString(System.identityHashCode(sink));
  }

  private static final class Login implements SerializableSupplier<InLongManager.Credentials> {
    private static final long serialVersionUID = 1L;

    @Override
    public InLongManager.Credentials get() {
      return InLongManager.Credentials.of("id", "key");
    }
  }

  private static HttpReportSinkBuilder<String> nodesOnly() {
    return HttpReportSink.<String>builder()
        .nodes("host:1")
        .groupId("group")
        .streamId("stream")
        .serializer(new SimpleStringSchema());
  }

  private static HttpReportSinkBuilder<String> complete() {
    return HttpReportSink.<String>builder()
        .manager("http://manager:8083")
        .groupId("group")
        .streamId("stream")
        .serializer(new SimpleStringSchema());
  }

  @ParameterizedTest
  @FieldSource("mistakes")
  void build_withMistake_refusesItByName(
      String text, Consumer<HttpReportSinkBuilder<String>> mistake) {
    HttpReportSinkBuilder<String> sink = complete();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> {
              mistake.accept(sink);
              sink.build();
            })
        .withMessageContaining(text);
  }

  @Test
  void build_withNothing_namesWhatIsMissing() {
    assertMissing(HttpReportSink.builder(), "exactly one of serializer and text");
    assertMissing(HttpReportSink.<String>builder().text(r -> r), "groupId must be set");
    assertMissing(
        HttpReportSink.<String>builder().text(r -> r).groupId("g"), "streamId must be set");
    assertMissing(
        HttpReportSink.<String>builder().text(r -> r).groupId("g").streamId("s"),
        "exactly one of manager, nodes");
  }

  private static void assertMissing(HttpReportSinkBuilder<?> sink, String text) {
    assertThatIllegalArgumentException().isThrownBy(sink::build).withMessageContaining(text);
  }

  @Test
  void build_complete_givesASinkThatTravels() throws Exception {
    HttpReportSink<String> sink =
        complete()
            .credentials(LOGIN)
            .key(record -> record)
            .dataTimeFromTimestamp()
            .dataTimeGranularity(Duration.ofSeconds(1))
            .onRefused((record, cause) -> {})
            .configure(builder -> builder.proxy("proxy:1"))
            .build();

    assertThat(InstantiationUtil.clone(sink)).isInstanceOf(HttpReportSink.class);
  }

  @Test
  void build_withProtocolOfConfigurer_needsNoManager() {
    HttpReportSink<String> sink =
        HttpReportSink.<String>builder()
            .groupId("group")
            .streamId("station")
            .text(record -> record)
            .configure(builder -> builder.nodes("host:1").protocol(EkuiperProtocol.post("/path")))
            .build();

    assertThat(sink).isNotNull();
  }
}
