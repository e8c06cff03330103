package io.github.httpreport.flink;

import static io.github.httpreport.flink.FlinkCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.Batching;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.memphis.MemphisProtocol;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalEkuiper;
import io.github.httpreport.testkit.LocalMemphis;
import io.github.httpreport.testkit.MemphisMessage;
import io.github.httpreport.testkit.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the settings of a sink do in a job. */
@ExtendWith(FlinkCluster.Extension.class)
class SinkJobTest {

  private static final String SECRET_BODY = "secret body";

  private final LocalCluster servers = LocalCluster.start(3);

  @AfterEach
  void stop() {
    servers.close();
  }

  private HttpReportSinkBuilder<String> sink() {
    return HttpReportSink.<String>builder()
        .manager(servers.managerUrl())
        .groupId("group")
        .streamId("stream")
        .serializer(new SimpleStringSchema());
  }

  private static void run(FlinkCluster flink, HttpReportSink<String> sink, String... records)
      throws Exception {
    StreamExecutionEnvironment environment = flink.environment(Map.of());
    environment.fromData(List.of(records)).sinkTo(sink);
    environment.executeAsync().getJobExecutionResult().get(60, TimeUnit.SECONDS);
  }

  private List<String> storedMessages() {
    return servers.stored().stream().flatMap(report -> report.messages().stream()).toList();
  }

  @Test
  void groupAndStreamByRecord_reportsEachToItsOwn(FlinkCluster flink) throws Exception {
    HttpReportSink<String> sink =
        sink()
            .groupId(record -> "g" + record.charAt(0))
            .streamId(record -> "s" + record.charAt(1))
            .build();

    run(flink, sink, "12", "34");

    assertThat(servers.stored())
        .extracting(StoredRecord::groupId, StoredRecord::streamId, StoredRecord::body)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("g1", "s2", "12"),
            org.assertj.core.groups.Tuple.tuple("g3", "s4", "34"));
  }

  @Test
  void dataTimeOfRecord_isRoundedDown(FlinkCluster flink) throws Exception {
    HttpReportSink<String> sink =
        sink()
            .dataTime(record -> Instant.ofEpochMilli(Long.parseLong(record)))
            .dataTimeGranularity(Duration.ofMinutes(1))
            .build();

    run(flink, sink, "61000", "62000", "130000");

    assertThat(servers.stored()).extracting(StoredRecord::dataTime).containsOnly(60_000L, 120_000L);
  }

  @Test
  void timestampOfRecord_isDataTime(FlinkCluster flink) throws Exception {
    StreamExecutionEnvironment environment = flink.environment(Map.of());
    DataStream<String> timed =
        environment
            .fromData("5000")
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<String>forMonotonousTimestamps()
                    .withTimestampAssigner((record, old) -> Long.parseLong(record)));
    timed.sinkTo(sink().dataTimeFromTimestamp().build());
    environment.executeAsync().getJobExecutionResult().get(60, TimeUnit.SECONDS);

    assertThat(servers.stored()).extracting(StoredRecord::dataTime).containsExactly(5_000L);
  }

  @Test
  void credentialsOfManager_areAskedOnTheTaskManager(FlinkCluster flink) throws Exception {
    try (LocalCluster guarded = LocalCluster.builder().authentication("id", "key").start()) {
      HttpReportSink<String> sink =
          sink()
              .manager(guarded.managerUrl())
              .credentials(() -> InLongManager.Credentials.of("id", "key"))
              .build();

      run(flink, sink, "a");

      assertThat(guarded.storedCount()).isEqualTo(1);
    }
  }

  @Test
  void otherProtocol_byConfigurer_isSpoken(FlinkCluster flink) throws Exception {
    try (LocalEkuiper ekuiper = LocalEkuiper.start("/report")) {
      String address = ekuiper.address();
      HttpReportSink<String> sink =
          HttpReportSink.<String>builder()
              .groupId("group")
              .streamId("stream")
              .text(record -> record)
              .configure(
                  builder -> builder.nodes(address).protocol(EkuiperProtocol.post("/report")))
              .build();

      run(flink, sink, "{\"a\":1}");

      assertThat(ekuiper.requests()).isEqualTo(1);
    }
  }

  @Test
  void rejectedRecord_failsJobWithCause_withoutItsBody(FlinkCluster flink) {
    servers.nodes().forEach(node -> node.always(Fault.code("115")));

    assertThatThrownBy(() -> run(flink, sink().build(), SECRET_BODY))
        .hasStackTraceContaining("RejectedException")
        .hasStackTraceContaining("group/stream")
        .satisfies(error -> assertThat(stackTrace(error)).doesNotContain(SECRET_BODY));
  }

  private static String stackTrace(Throwable error) {
    java.io.StringWriter text = new java.io.StringWriter();
    error.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  @Test
  void failure_whileNoRecordsCome_failsJob(FlinkCluster flink) throws Exception {
    servers.nodes().forEach(node -> node.always(Fault.code("115")));
    StreamExecutionEnvironment environment = flink.environment(Map.of());
    DataStream<String> idle =
        environment.fromSequence(0, Long.MAX_VALUE).flatMap(new FirstOnly()).returns(String.class);
    idle.rebalance().sinkTo(sink().build());

    JobClient job = environment.executeAsync();

    await().until(() -> job.getJobStatus().get() == JobStatus.FAILED);
  }

  @Test
  void refusedRecords_goToHandler_andAreCounted(FlinkCluster flink) throws Exception {
    Refused.RECORDS.clear();
    CollectingReporter.clear();
    HttpReportSink<String> sink =
        sink()
            .onRefused((record, cause) -> Refused.RECORDS.add(record + cause.getMessage()))
            .build();

    run(flink, sink, "good", "two\nlines", " ", "x".repeat(600_000), "fine");

    assertThat(storedMessages()).containsExactlyInAnyOrder("good", "fine");
    assertThat(Refused.RECORDS).hasSize(3);
    assertThat(Refused.THREADS).isEmpty();
  }

  @Test
  void rejectedRecord_goesToHandler_onTheThreadOfTheTask(FlinkCluster flink) throws Exception {
    Refused.RECORDS.clear();
    Refused.THREADS.clear();
    servers.nodes().forEach(node -> node.always(Fault.code("115")));
    HttpReportSink<String> sink =
        sink()
            .onRefused(
                (record, cause) -> {
                  Refused.RECORDS.add(record);
                  Refused.THREADS.add(Thread.currentThread().getName());
                })
            .build();

    run(flink, sink, "a", "b");

    assertThat(Refused.RECORDS).containsExactlyInAnyOrder("a", "b");
    assertThat(Refused.THREADS).noneMatch(name -> name.startsWith("http-report"));
    Refused.THREADS.clear();
  }

  @Test
  void batchWithAPoisonedRecord_handsOverThatRecordAlone(FlinkCluster flink) throws Exception {
    Refused.RECORDS.clear();
    CollectingReporter.clear();
    try (LocalMemphis memphis = LocalMemphis.start()) {
      memphis.schema("stream", body -> !body.contains("poison"));
      String url = memphis.url();
      HttpReportSink<String> sink =
          HttpReportSink.<String>builder()
              .groupId("group")
              .streamId("stream")
              .text(record -> "{\"record\":\"" + record + "\"}")
              .onRefused((record, cause) -> Refused.RECORDS.add(record))
              .configure(
                  builder ->
                      builder
                          .nodes(url)
                          .protocol(
                              MemphisProtocol.builder()
                                  .user("root", () -> "memphis")
                                  .batch()
                                  .build()))
              .build();

      StreamExecutionEnvironment environment = flink.environment(Map.of());
      environment.setParallelism(1);
      environment.fromData("a", "poison", "b", "c", "another poison", "d", "e", "f").sinkTo(sink);
      environment.executeAsync().getJobExecutionResult().get(60, TimeUnit.SECONDS);

      assertThat(Refused.RECORDS).containsExactlyInAnyOrder("poison", "another poison");
      assertThat(memphis.stored().stream().map(MemphisMessage::body).distinct()).hasSize(6);
      assertThat(CollectingReporter.value("numRecordsSend")).isEqualTo(8);
      assertThat(CollectingReporter.value("numRecordsSendErrors")).isEqualTo(2);
      assertThat(CollectingReporter.value("numRecordsRefused")).isEqualTo(2);
    }
  }

  @Test
  void handlerThatThrows_failsJob(FlinkCluster flink) {
    HttpReportSink<String> sink =
        sink()
            .onRefused(
                (record, cause) -> {
                  throw new IllegalStateException("the handler gives up", cause);
                })
            .build();

    assertThatThrownBy(() -> run(flink, sink, " ")).hasStackTraceContaining("the handler gives up");
  }

  @Test
  void fullBuffer_isBackPressure_thenAFailureThatNamesIt(FlinkCluster flink) {
    servers.nodes().forEach(node -> node.always(Fault.noResponse()));
    HttpReportSink<String> sink = sink().buffer(4096).bufferTimeout(Duration.ofMillis(300)).build();
    String[] records = IntStream.range(0, 500).mapToObj(i -> "record " + i).toArray(String[]::new);

    assertThatThrownBy(() -> run(flink, sink, records))
        .hasStackTraceContaining("BufferFullException")
        .hasStackTraceContaining("buffer was full for 300 ms");
  }

  @Test
  void serversThatAreDown_failTheCheckpointWithTheirCause(FlinkCluster flink) {
    servers.nodes().forEach(node -> node.always(Fault.queueFull()));
    HttpReportSink<String> sink =
        sink().retry(RetryPolicy.builder().deadline(Duration.ofMillis(500)).build()).build();

    assertThatThrownBy(() -> run(flink, sink, "a"))
        .hasStackTraceContaining("DeliveryTimeoutException: 1 message for group/stream");
  }

  @Test
  void metrics_standardAndOurs_countRecordsAndBytes(FlinkCluster flink) throws Exception {
    CollectingReporter.clear();
    StreamExecutionEnvironment environment = flink.environment(Map.of());
    environment.setParallelism(1);
    Batching batching = Batching.builder().maxMessages(2).build();
    environment
        .fromData("a", "ü", "€", " ")
        .sinkTo(sink().batching(batching).onRefused((record, cause) -> {}).build());
    environment.executeAsync().getJobExecutionResult().get(60, TimeUnit.SECONDS);

    assertThat(CollectingReporter.value("numRecordsSend")).isEqualTo(3);
    assertThat(CollectingReporter.value("numBytesSend")).isEqualTo(6);
    assertThat(CollectingReporter.value("numRecordsSendErrors")).isEqualTo(1);
    assertThat(CollectingReporter.value("numRecordsRefused")).isEqualTo(1);
    assertThat(CollectingReporter.value("currentSendTime")).isNotNegative();
    assertThat(CollectingReporter.value("httpReport.messagesSent")).isEqualTo(3);
    assertThat(CollectingReporter.value("httpReport.requests")).isEqualTo(2);
    assertThat(CollectingReporter.value("httpReport.requestsFailed")).isZero();
    assertThat(CollectingReporter.value("httpReport.bufferMaxBytes")).isEqualTo(32L << 20);
    assertThat(CollectingReporter.value("httpReport.bufferUsedBytes")).isZero();
    assertThat(CollectingReporter.value("httpReport.nodesEjected")).isZero();
  }

  /** What the handlers of the tests were given; Flink makes copies of everything else. */
  private static final class Refused {
    static final Queue<String> RECORDS = new ConcurrentLinkedQueue<>();
    static final Queue<String> THREADS = new ConcurrentLinkedQueue<>();
  }

  /** Lets one record pass and then none. */
  private static final class FirstOnly
      implements org.apache.flink.api.common.functions.FlatMapFunction<Long, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public void flatMap(Long value, org.apache.flink.util.Collector<String> out) {
      if (value == 0) {
        out.collect("only");
      }
    }
  }
}
