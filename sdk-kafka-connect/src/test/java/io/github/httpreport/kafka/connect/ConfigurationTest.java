package io.github.httpreport.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

  private static final String INLONG = "nodes=h:1;destination.group=g";
  private static final String MEMPHIS =
      "protocol=memphis;nodes=h:1;memphis.user=u;memphis.password=p";
  private static final String EKUIPER = "protocol=ekuiper;nodes=h:1";
  private static final String CKAFKA = "protocol=ckafka;ckafka.secret.id=id;ckafka.secret.key=key";

  private final HttpReportSinkConnector connector = new HttpReportSinkConnector();

  private static Map<String, String> options(String text) {
    Map<String, String> options = new HashMap<>();
    for (String option : text.split(";", -1)) {
      int equals = option.indexOf('=');
      options.put(option.substring(0, equals), option.substring(equals + 1));
    }
    return options;
  }

  private Map<String, List<String>> mistakes(Map<String, String> options) {
    return connector.validate(options).configValues().stream()
        .filter(value -> !value.errorMessages().isEmpty())
        .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        INLONG,
        MEMPHIS,
        EKUIPER,
        CKAFKA,
        "manager.urls=http://a:1,http://b:2;destination.group=${topic};"
            + "manager.secret.id=i;manager.secret.key=k;inlong.form.encoding=compact;"
            + "inlong.allow.newlines=true;inlong.retry.unknown.topic=true;selector=round_robin;"
            + "proxy=p:3128;request.timeout.ms=5000;retry.timeout.ms=1;data.time=none",
        "protocol=ekuiper;nodes=h:1;ekuiper.path=/a;ekuiper.method=put;ekuiper.framing=single",
        "protocol=ekuiper;nodes=h:1;ekuiper.array.max.objects=3;selector=weighted_by_load",
        "protocol=memphis;nodes=https://h:1;memphis.user=u;memphis.connection.token=t;"
            + "memphis.station=s;memphis.framing=batch;memphis.account.id=2;"
            + "memphis.token.lifetime.minutes=30;selector=random",
        CKAFKA
            + ";ckafka.datahub.id=datahub-x;ckafka.session.token=s;ckafka.region=ap-guangzhou;"
            + "ckafka.endpoint=http://h:1;ckafka.host=h;ckafka.service=s;message.key=record"
      })
  void validate_goodConfiguration_namesNoMistakeAndBuildsASender(String text) {
    Map<String, String> options = options(text);

    assertThat(mistakes(options)).isEmpty();
    assertThatCode(
            () -> {
              HttpReportSinkConfig config = new HttpReportSinkConfig(options);
              SenderFactory.sender(config, ProtocolOptions.protocol(config)).close();
            })
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // By themselves.
        INLONG + ";protocol=kafka | protocol",
        INLONG + ";batch.linger.ms=soon | batch.linger.ms",
        INLONG + ";batch.linger.ms=-1 | batch.linger.ms",
        INLONG + ";batch.max.messages=0 | batch.max.messages",
        INLONG + ";buffer.max.bytes=1 | buffer.max.bytes",
        INLONG + ";retry.timeout.ms=0 | retry.timeout.ms",
        INLONG + ";retry.timeout.ms=-2 | retry.timeout.ms",
        INLONG + ";data.time.granularity.ms=0 | data.time.granularity.ms",
        INLONG + ";destination.stream= | destination.stream",
        INLONG + ";destination.topic.pattern=( | destination.topic.pattern",
        INLONG + ";selector=best | selector",
        INLONG + ";tombstones=keep | tombstones",
        "nodes=h;destination.group=g | nodes",
        "nodes=h:1,,h:2;destination.group=g | nodes",
        "manager.urls=ftp://a;destination.group=g | manager.urls",
        INLONG + ";proxy=nowhere | proxy",
        INLONG + ";tls.ca.file=/does/not/exist | tls.ca.file",
        EKUIPER + ";ekuiper.path=data | ekuiper.path",
        EKUIPER + ";ekuiper.unknown.path.delay.ms=86400001 | ekuiper.unknown.path.delay.ms",
        MEMPHIS + ";memphis.station=Upper | memphis.station",
        MEMPHIS + ";memphis.token.lifetime.minutes=999999 | memphis.token.lifetime.minutes",
        CKAFKA + ";ckafka.datahub.id=a/b | ckafka.datahub.id",
        CKAFKA + ";ckafka.endpoint=nowhere | ckafka.endpoint",
        CKAFKA + ";ckafka.region=a b | ckafka.region",
        CKAFKA + ";ckafka.refused.pause.ms=86400001 | ckafka.refused.pause.ms",
        "protocol=ckafka;ckafka.secret.id=a/b;ckafka.secret.key=k | ckafka.secret.id",
        CKAFKA + ";ckafka.session.token=a b | ckafka.session.token",
        // Missing.
        "destination.group=g | manager.urls",
        "nodes=h:1 | destination.group",
        "protocol=ekuiper | nodes",
        "protocol=memphis;nodes=h:1;memphis.password=p | memphis.user",
        "protocol=memphis;nodes=h:1;memphis.user=u | memphis.password",
        "protocol=ckafka;ckafka.secret.key=k | ckafka.secret.id",
        "protocol=ckafka;ckafka.secret.id=i | ckafka.secret.key",
        "manager.urls=http://a:1;destination.group=g;manager.secret.id=i | manager.secret.key",
        "manager.urls=http://a:1;destination.group=g;manager.secret.key=k | manager.secret.id",
        INLONG + ";tls.client.cert.password=p | tls.client.cert.file",
        INLONG + ";tombstones=text | tombstone.text",
        // Contradictions.
        INLONG + ";manager.urls=http://a:1 | manager.urls",
        EKUIPER + ";manager.urls=http://a:1 | manager.urls",
        INLONG + ";manager.secret.id=i;manager.secret.key=k | manager.secret.id",
        INLONG + ";memphis.user=u | memphis.user",
        EKUIPER + ";inlong.allow.newlines=true | inlong.allow.newlines",
        EKUIPER
            + ";ekuiper.framing=single;ekuiper.array.max.objects=5"
            + " | ekuiper.array.max.objects",
        MEMPHIS + ";memphis.connection.token=t | memphis.password",
        INLONG + ";message.key=record | message.key",
        INLONG + ";data.time=none;data.time.granularity.ms=1000 | data.time.granularity.ms",
        INLONG + ";tombstone.text=gone | tombstone.text",
        EKUIPER + ";tombstones=text;tombstone.text=gone | tombstone.text",
        // Topics that no record of could be sent.
        "nodes=h:1;destination.group=${1} | destination.group",
        "nodes=h:1;destination.group=${2};destination.topic.pattern=(.*) | destination.group",
        INLONG
            + ";destination.stream=${team};destination.topic.pattern=(?<tm>.*)"
            + " | destination.stream",
        INLONG + ";destination.topic.pattern=a.*;topics=abc,xyz | destination.topic.pattern",
        MEMPHIS + ";topics=Upper | destination.stream",
        // Slips of the pen.
        INLONG + ";manager.url=http://a:1 | manager.url",
        INLONG + ";batch.size=5 | batch.size"
      })
  void validate_mistake_isNamed(String text, String option) {
    Map<String, String> options = options(text);

    assertThat(mistakes(options)).containsOnlyKeys(option);
    assertThat(mistakes(options).get(option)).allMatch(message -> message.contains(option));
    assertThatThrownBy(() -> connector.start(options))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(option);
  }

  @Test
  void validate_manyMistakes_namesEachOfThem() {
    assertThat(
            mistakes(
                options(
                    "protocol=inlong;nodes=h;batch.linger.ms=x;tls.ca.file=/none;message.key=record;"
                        + "proxy=y;destination.stream=${1};memphis.user=u;manager.url=z")))
        .containsOnlyKeys(
            "nodes",
            "batch.linger.ms",
            "tls.ca.file",
            "message.key",
            "proxy",
            "destination.stream",
            "destination.group",
            "memphis.user",
            "manager.url");
  }

  @Test
  void validate_topicsThatATransformationRenames_areNotChecked() {
    assertThat(mistakes(options(MEMPHIS + ";topics=Upper;transforms=lower"))).isEmpty();
  }

  @Test
  void validate_optionsOfConnectItself_areNoMistakes() {
    assertThat(
            mistakes(
                options(
                    INLONG
                        + ";name=n;connector.class=c;tasks.max=1;topics=a;key.converter=x;"
                        + "errors.tolerance=all;errors.deadletterqueue.topic.name=d;"
                        + "consumer.override.max.poll.records=5;transforms=t;transforms.t.type=y")))
        .isEmpty();
  }

  @Test
  void validate_secretThatIsWrong_isNotShown(@TempDir Path directory) throws Exception {
    Path empty = Files.createFile(directory.resolve("empty"));
    Map<String, String> options =
        options(
            INLONG
                + ";tls.client.cert.file="
                + empty
                + ";tls.client.cert.password=hunter2;memphis.password=hunter2");

    assertThat(mistakes(options)).containsOnlyKeys("tls.client.cert.file", "memphis.password");
    assertThat(mistakes(options).toString()).doesNotContain("hunter2");
    assertThat(new HttpReportSinkConfig(options).values().toString()).doesNotContain("hunter2");
  }

  @Test
  void config_everyOption_isDocumentedGroupedAndChecked() {
    Map<String, ConfigDef.ConfigKey> keys = connector.config().configKeys();

    assertThat(keys).hasSizeGreaterThan(50);
    assertThat(keys.values())
        .allSatisfy(
            key -> {
              assertThat(key.documentation).isNotBlank().endsWith(".");
              assertThat(key.group).isNotBlank();
              assertThat(key.orderInGroup).isPositive();
              assertThat(key.displayName).isEqualTo(key.name);
              assertThat(key.validator != null || key.type == ConfigDef.Type.BOOLEAN).isTrue();
            });
  }

  /** What an option cannot be: text for a number, a number below every limit, an unknown choice. */
  @Test
  void validate_everyTypedOption_refusesAWrongValueByItsName() {
    List<ConfigDef.ConfigKey> typed =
        connector.config().configKeys().values().stream()
            .filter(key -> key.type != ConfigDef.Type.PASSWORD)
            .filter(key -> key.type != ConfigDef.Type.STRING || isChoice(key))
            .filter(key -> key.type != ConfigDef.Type.LIST)
            .toList();

    assertThat(typed).hasSizeGreaterThan(25);
    assertThat(typed)
        .allSatisfy(
            key -> {
              assertRefused(key, "neither of them");
              if (key.type == ConfigDef.Type.INT || key.type == ConfigDef.Type.LONG) {
                assertRefused(key, "-2147483648");
              }
            });
  }

  private static boolean isChoice(ConfigDef.ConfigKey key) {
    return key.recommender != null && !key.recommender.validValues(key.name, Map.of()).isEmpty();
  }

  private void assertRefused(ConfigDef.ConfigKey key, String value) {
    Map<String, String> options = options(minimal(key.name));
    assertThat(mistakes(options)).isEmpty();
    options.put(key.name, value);

    assertThat(mistakes(options)).containsKey(key.name);
    assertThat(mistakes(options).get(key.name))
        .anyMatch(text -> text.contains(key.name) && text.contains("nvalid value " + value));
  }

  /** What the protocol that an option is of needs. */
  private static String minimal(String option) {
    return switch (option.substring(0, option.indexOf('.') + 1)) {
      case "memphis." -> MEMPHIS;
      case "ekuiper." -> EKUIPER;
      case "ckafka." -> CKAFKA;
      default -> INLONG;
    };
  }

  @Test
  void config_secrets_arePasswords() {
    assertThat(
            connector.config().configKeys().values().stream()
                .filter(key -> key.type == ConfigDef.Type.PASSWORD)
                .map(key -> key.name))
        .containsExactlyInAnyOrder(
            "manager.secret.key",
            "tls.client.cert.password",
            "memphis.password",
            "memphis.connection.token",
            "ckafka.secret.key",
            "ckafka.session.token");
  }

  @Test
  void config_choices_recommendTheirValues() {
    Map<String, ConfigValue> values = connector.config().validateAll(options(INLONG));

    assertThat(values.get("protocol").recommendedValues())
        .containsExactly("inlong", "ekuiper", "memphis", "ckafka");
    assertThat(values.get("tombstones").recommendedValues())
        .containsExactly("skip", "fail", "text");
    assertThat(values.get("inlong.allow.newlines").recommendedValues())
        .containsExactly(true, false);
  }

  @Test
  void taskConfigs_eachTask_hasTheOptionsAndItsNumber() {
    Map<String, String> options = options(INLONG);
    connector.start(options);

    List<Map<String, String>> tasks = connector.taskConfigs(3);
    assertThat(tasks)
        .extracting(task -> task.get("http.report.task.index"))
        .containsExactly("0", "1", "2");
    assertThat(tasks).allSatisfy(task -> assertThat(task).containsAllEntriesOf(options));
    assertThat(connector.taskClass()).isEqualTo(HttpReportSinkTask.class);
  }

  @Test
  void sender_longAndOddNameOfConnector_namesItsThreads() {
    Map<String, String> options = options(INLONG);
    options.put("name", "größe " + "x".repeat(100));
    options.put("http.report.task.index", "12");
    HttpReportSinkConfig config = new HttpReportSinkConfig(options);

    assertThat(SenderFactory.sender(config, ProtocolOptions.protocol(config)).toString())
        .contains("gr--e-xxx")
        .endsWith("xx-12]");
  }
}
