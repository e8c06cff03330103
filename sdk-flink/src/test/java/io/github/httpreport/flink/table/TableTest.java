package io.github.httpreport.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.flink.FlinkCluster;
import io.github.httpreport.flink.SenderConfigurer;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalEkuiper;
import io.github.httpreport.testkit.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableException;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The connector {@code http-report} of SQL, found by Flink's service loader. */
@ExtendWith(FlinkCluster.Extension.class)
class TableTest {

  private final LocalCluster servers = LocalCluster.start(1);
  private StreamTableEnvironment sql;

  @BeforeEach
  void open(FlinkCluster flink) {
    StreamExecutionEnvironment environment = flink.environment(Map.of());
    environment.setParallelism(1);
    sql = StreamTableEnvironment.create(environment);
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  /** A table with these columns and options besides manager and format. */
  private void table(String columns, String... options) {
    sql.executeSql(
        "CREATE TABLE t (" + columns + ") WITH ('connector' = 'http-report'" + list(options) + ")");
  }

  /** A table of one column that goes to one stream. */
  private void tableOfLines(String... options) {
    table(
        "line STRING",
        Stream.concat(
                Stream.of(manager(), "group-id=g", "stream-id=s", "format=raw"), Stream.of(options))
            .toArray(String[]::new));
  }

  private static String list(String... options) {
    StringBuilder text = new StringBuilder();
    for (String option : options) {
      text.append(", '").append(option.replace("=", "' = '")).append('\'');
    }
    return text.toString();
  }

  private String manager() {
    return "manager=" + servers.managerUrl();
  }

  private void insert(String values) throws Exception {
    sql.executeSql("INSERT INTO t " + values).await();
  }

  private List<String> messages() {
    return servers.stored().stream().flatMap(report -> report.messages().stream()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"json | {\"id\":1,\"name\":\"a b\"}", "csv | 1,\"a b\""})
  void insert_inFormat_storesIt(String format, String expected) throws Exception {
    table("id INT, name STRING", manager(), "group-id=g", "stream-id=s", "format=" + format);

    insert("VALUES (1, 'a b')");

    assertThat(servers.stored())
        .extracting(StoredRecord::groupId, StoredRecord::streamId, StoredRecord::body)
        .containsExactly(Tuple.tuple("g", "s", expected));
  }

  @Test
  void insert_raw_storesTheText() throws Exception {
    tableOfLines();

    insert("VALUES 'one', 'two'");

    assertThat(messages()).containsExactly("one", "two");
  }

  @Test
  void metadataColumns_nameTimeStreamAndGroup() throws Exception {
    sql.getConfig().set("table.local-time-zone", "UTC");
    table(
        "line STRING,"
            + "happened TIMESTAMP_LTZ(3) METADATA FROM 'data-time',"
            + "`stream-id` STRING METADATA,"
            + "`group-id` STRING METADATA",
        manager(),
        "stream-id=default",
        "format=raw",
        "data-time.granularity=1 min");

    insert(
        "VALUES ('a', CAST(TO_TIMESTAMP('1970-01-01 00:01:30') AS TIMESTAMP_LTZ(3)), 's1', 'g1'),"
            + " ('b', CAST(TO_TIMESTAMP('1970-01-01 00:02:30') AS TIMESTAMP_LTZ(3)),"
            + " CAST(NULL AS STRING), 'g2')");

    assertThat(servers.stored())
        .extracting(
            StoredRecord::body,
            StoredRecord::dataTime,
            StoredRecord::streamId,
            StoredRecord::groupId)
        .containsExactlyInAnyOrder(
            Tuple.tuple("a", 60_000L, "s1", "g1"), Tuple.tuple("b", 120_000L, "default", "g2"));
  }

  @Test
  void datagen_withEveryOption_isStored() throws Exception {
    table(
        "id BIGINT",
        manager(),
        "group-id=g",
        "stream-id=s",
        "format=json",
        "batching.linger=10 ms",
        "batching.max-messages=100",
        "batching.max-bytes=64 kb",
        "buffer.max-bytes=1 mb",
        "buffer.timeout=30 s",
        "retry.max-attempts=20",
        "retry.initial-backoff=10 ms",
        "retry.max-backoff=1 s",
        "retry.deadline=1 min",
        "retry.budget-ratio=0.5",
        "retry.unknown-outcome=resend",
        "max-in-flight=8",
        "connect-timeout=2 s",
        "request-timeout=5 s",
        "encoding=compact",
        "allow-newlines=true",
        "sink.on-refused=skip",
        "sink.parallelism=2");
    sql.executeSql(
        "CREATE TABLE source (id BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '1000',"
            + " 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '1000')");

    insert("SELECT * FROM source");

    assertThat(messages()).hasSize(1000).doesNotHaveDuplicates();
  }

  @Test
  void credentials_ofTable_logIn() throws Exception {
    try (LocalCluster guarded = LocalCluster.builder().authentication("id", "key").start()) {
      table(
          "line STRING",
          "manager=" + guarded.managerUrl(),
          "secret-id=id",
          "secret-key=key",
          "group-id=g",
          "stream-id=s",
          "format=raw");

      insert("VALUES 'a'");

      assertThat(guarded.storedCount()).isEqualTo(1);
    }
  }

  @Test
  void refusedRow_failsOrIsSkipped_byOption() throws Exception {
    tableOfLines();
    assertThatThrownBy(() -> insert("VALUES 'a', ' '")).hasStackTraceContaining("blank");
    sql.executeSql("ALTER TABLE t SET ('sink.on-refused' = 'skip')");
    servers.clear();

    insert("VALUES 'a', ' ', 'b'");

    assertThat(messages()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void unknownStream_failsEvenIfRefusedRowsAreSkipped() {
    servers.node(0).always(Fault.code("115"));
    tableOfLines("sink.on-refused=skip");

    assertThatThrownBy(() -> insert("VALUES 'a'")).hasStackTraceContaining("115");
  }

  @Test
  void allowNewlines_takesARowThatIsRefusedElse() throws Exception {
    tableOfLines();
    assertThatThrownBy(() -> insert("VALUES 'a\nb'")).hasStackTraceContaining("newline");
    sql.executeSql("ALTER TABLE t SET ('allow-newlines' = 'true')");

    insert("VALUES 'a\nb'");

    assertThat(messages()).containsExactly("a", "b");
  }

  @Test
  void unknownOutcome_failsOrSendsAgain_byOption() throws Exception {
    servers.node(0).script(Fault.storeThenReset());
    tableOfLines("retry.unknown-outcome=fail");

    assertThatThrownBy(() -> insert("VALUES 'a'")).hasStackTraceContaining("UnknownOutcome");
  }

  @Test
  void proxyAndCertificates_areUsedOnTheTaskManager() {
    assertFailsWith("127.0.0.1:1", "proxy=127.0.0.1:1");
    assertFailsWith("no-such.pem", "tls.trust-certificates=no-such.pem");
    assertFailsWith(
        "no-such.p12",
        "tls.client-certificate=no-such.p12",
        "tls.client-certificate-password=secret");
  }

  private void assertFailsWith(String text, String... options) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "nodes=" + servers.node(0).address(),
                "group-id=g",
                "stream-id=s",
                "format=raw",
                "retry.deadline=300 ms"));
    all.addAll(List.of(options));
    table("line STRING", all.toArray(String[]::new));

    assertThatThrownBy(() -> insert("VALUES 'a'")).hasStackTraceContaining(text);
    assertThat(messages()).isEmpty();
    sql.executeSql("DROP TABLE t");
  }

  @Test
  void parallelism_isThatOfTheOption() {
    tableOfLines("sink.parallelism=3");

    assertThat(sql.explainSql("INSERT INTO t VALUES 'a'", ExplainDetail.JSON_EXECUTION_PLAN))
        .contains("\"parallelism\" : 3");
  }

  @Test
  void updates_areRefusedByFlink() {
    table("id INT, n BIGINT", manager(), "group-id=g", "stream-id=s", "format=json");

    assertThatThrownBy(
            () -> insert("SELECT id, COUNT(*) FROM (VALUES (1), (1)) AS v(id) GROUP BY id"))
        .isInstanceOf(TableException.class)
        .hasMessageContaining("doesn't support consuming update changes");
  }

  @Test
  void otherProtocol_byConfigurer_isSpoken() throws Exception {
    try (LocalEkuiper ekuiper = LocalEkuiper.start("/report")) {
      table(
          "id INT",
          "nodes=" + ekuiper.address(),
          "group-id=g",
          "stream-id=s",
          "format=json",
          "sender.configurer=" + ToEkuiper.class.getName());

      insert("VALUES 1");

      assertThat(ekuiper.requests()).isEqualTo(1);
    }
  }

  /** Chosen by its name. */
  public static final class ToEkuiper implements SenderConfigurer {
    private static final long serialVersionUID = 1L;

    @Override
    public void configure(HttpProxySender.Builder builder) {
      builder.protocol(EkuiperProtocol.post("/report"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "format | format",
        "format=xml | xml",
        "manager | exactly one of manager, nodes",
        "manager=ftp://host | 'manager'",
        "nodes=host:1 | exactly one of manager, nodes",
        "group-id | 'group-id' is missing",
        "stream-id | 'stream-id' is missing",
        "stream-id= | 'stream-id' must not be blank",
        "unknown=1 | unknown",
        "secret-key=key | 'secret-id' and 'secret-key' must be set together",
        "secret-id=id | 'secret-id' and 'secret-key' must be set together",
        "data-time.granularity=1 min | dataTimeGranularity",
        "data-time.granularity=soon | data-time.granularity",
        "buffer.max-bytes=much | buffer.max-bytes",
        "buffer.max-bytes=1 b | 'buffer.max-bytes'",
        "buffer.timeout=0 s | 'buffer.timeout'",
        "batching.linger=x | batching.linger",
        "batching.linger=-1 s | batching.linger",
        "batching.max-messages=0 | 'batching.max-messages'",
        "batching.max-bytes=4 gb | 'batching.max-bytes'",
        "retry.max-attempts=0 | 'retry.max-attempts'",
        "retry.initial-backoff=1 h | 'retry.initial-backoff' and 'retry.max-backoff'",
        "retry.unknown-outcome=perhaps | retry.unknown-outcome",
        "retry.max-backoff=0 s | 'retry.initial-backoff' and 'retry.max-backoff'",
        "retry.deadline=0 s | 'retry.deadline'",
        "retry.budget-ratio=-1 | 'retry.budget-ratio'",
        "retry.budget-ratio=half | retry.budget-ratio",
        "connect-timeout=0 s | 'connect-timeout'",
        "allow-newlines=perhaps | allow-newlines",
        "sink.parallelism=many | sink.parallelism",
        "group-id=  | 'group-id' must not be blank",
        "nodes=host | 'nodes'",
        "max-in-flight=0 | 'max-in-flight'",
        "request-timeout=0 s | 'request-timeout'",
        "tls.client-certificate-password=p | must be set together",
        "tls.client-certificate=f | must be set together",
        "proxy=no port | 'proxy'",
        "encoding=morse | encoding",
        "sink.on-refused=ignore | sink.on-refused",
        "sender.configurer=no.such.Class | 'sender.configurer'",
        "sender.configurer=java.lang.String | 'sender.configurer'",
      })
  void mistake_isAValidationException_thatNamesTheOption(String change, String text) {
    java.util.LinkedHashMap<String, String> options = new java.util.LinkedHashMap<>();
    options.put("manager", "http://manager:8083");
    options.put("group-id", "g");
    options.put("stream-id", "s");
    options.put("format", "raw");
    int equals = change.indexOf('=');
    if (equals < 0) {
      options.remove(change);
    } else {
      options.put(change.substring(0, equals), change.substring(equals + 1));
    }
    table(
        "line STRING",
        options.entrySet().stream()
            .map(option -> option.getKey() + "=" + option.getValue())
            .toArray(String[]::new));

    assertThatThrownBy(() -> sql.explainSql("INSERT INTO t VALUES 'a'"))
        .isInstanceOf(ValidationException.class)
        .hasStackTraceContaining(text);
  }
}
