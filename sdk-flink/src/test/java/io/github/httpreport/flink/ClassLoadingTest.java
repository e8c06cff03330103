package io.github.httpreport.flink;

import static io.github.httpreport.flink.FlinkCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalServer;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a job leaves behind whose sink comes with the job: no thread and no connection. */
@ExtendWith(FlinkCluster.Extension.class)
class ClassLoadingTest {

  private final LocalCluster servers = LocalCluster.start(3);

  @AfterEach
  void stop() {
    servers.close();
  }

  @Test
  void jobThatEnds_leavesNothing(FlinkCluster flink) throws Exception {
    JobClient job = start(flink, 400_000);
    awaitSenderOfJob();

    job.getJobExecutionResult().get(60, TimeUnit.SECONDS);

    assertNothingLeft();
  }

  @Test
  void jobThatFails_leavesNothing(FlinkCluster flink) throws Exception {
    JobClient job = start(flink, Long.MAX_VALUE);
    awaitSenderOfJob();
    servers.nodes().forEach(node -> node.always(Fault.code("115")));

    await().until(() -> job.getJobStatus().get() == JobStatus.FAILED);

    assertNothingLeft();
  }

  @Test
  void jobThatIsCancelled_leavesNothing(FlinkCluster flink) throws Exception {
    JobClient job = start(flink, Long.MAX_VALUE);
    awaitSenderOfJob();

    job.cancel().get(30, TimeUnit.SECONDS);
    await().until(() -> job.getJobStatus().get() == JobStatus.CANCELED);

    assertNothingLeft();
  }

  private JobClient start(FlinkCluster flink, long records) throws Exception {
    StreamExecutionEnvironment environment = flink.environment(Map.of(), classPathOfJob());
    environment
        .fromSequence(0, records - 1)
        .map((MapFunction<Long, String>) String::valueOf)
        .sinkTo(
            HttpReportSink.<String>builder()
                .manager(servers.managerUrl())
                .groupId("group")
                .streamId("stream")
                .text(body -> body)
                .build());
    return environment.executeAsync();
  }

  /** The library of the job is not the one that the test itself has. */
  private static void awaitSenderOfJob() {
    await().until(() -> !SenderThreads.all().isEmpty());
    ClassLoader loader = SenderThreads.all().get(0).getContextClassLoader();
    assertThat(loader).isNotSameAs(HttpReportSink.class.getClassLoader());
  }

  private void assertNothingLeft() {
    await().untilAsserted(() -> assertThat(SenderThreads.all()).isEmpty());
    await()
        .untilAsserted(
            () ->
                assertThat(servers.nodes())
                    .extracting(LocalServer::openConnections)
                    .containsOnly(0));
  }

  private static List<URL> classPathOfJob() {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getProperty("java.class.path"))
        .filter(place -> Stream.of("/flink-", "slf4j", "log4j").noneMatch(place::contains))
        .map(ClassLoadingTest::url)
        .toList();
  }

  private static URL url(String place) {
    try {
      return new File(place).toURI().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
