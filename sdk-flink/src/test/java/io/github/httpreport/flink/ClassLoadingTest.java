package io.github.httpreport.flink;

import static io.github.httpreport.flink.FlinkCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalServer;
import java.io.File;
import java.lang.ref.WeakReference;
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
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a job leaves behind whose sink comes with the job: no thread, no connection and no class
 * loader.
 *
 * <p>JDK 17 keeps the class loader of the last job, that of a job with Flink's own discarding sink
 * too, so it has to be gone when another job has run. Heap dumps show two holders, both caches:
 *
 * <ul>
 *   <li>{@code ObjectMethods.OBJECT_EQ}, a static method handle behind the {@code equals} of
 *       records; its {@code asTypeCache}, the handle that was adapted last; the {@code MethodType}
 *       of that; the class of a record, here {@code Destination}; the class loader of the job. The
 *       JDK replaces the entry when the {@code equals} of any other class of records runs first.
 *   <li>The class descriptors of serialization, which the JDK removes at the next use of their
 *       cache.
 * </ul>
 *
 * <p>When both are used again, no strong reference in the heap leads to the class loader, and the
 * JVM itself still needs the next job to let it go. So one class loader stays, and they do not add
 * up.
 */
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
    WeakReference<ClassLoader> loader = awaitLoaderOf(job);

    job.getJobExecutionResult().get(60, TimeUnit.SECONDS);

    assertNothingLeft();
    assertCollectedAfterNextJob(flink, loader);
  }

  @Test
  void jobThatFails_leavesNothing(FlinkCluster flink) throws Exception {
    JobClient job = start(flink, Long.MAX_VALUE);
    WeakReference<ClassLoader> loader = awaitLoaderOf(job);
    servers.nodes().forEach(node -> node.always(Fault.code("115")));

    await().until(() -> job.getJobStatus().get() == JobStatus.FAILED);

    assertNothingLeft();
    assertCollectedAfterNextJob(flink, loader);
  }

  @Test
  void jobThatIsCancelled_leavesNothing(FlinkCluster flink) throws Exception {
    JobClient job = start(flink, Long.MAX_VALUE);
    WeakReference<ClassLoader> loader = awaitLoaderOf(job);

    job.cancel().get(30, TimeUnit.SECONDS);
    await().until(() -> job.getJobStatus().get() == JobStatus.CANCELED);

    assertNothingLeft();
    assertCollectedAfterNextJob(flink, loader);
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
  private static WeakReference<ClassLoader> awaitLoaderOf(JobClient job) {
    await()
        .failFast(
            "the job has failed", () -> job.getJobExecutionResult().isCompletedExceptionally())
        .until(() -> !SenderThreads.all().isEmpty());
    ClassLoader loader = SenderThreads.all().get(0).getContextClassLoader();
    assertThat(loader).isNotSameAs(HttpReportSink.class.getClassLoader());
    return new WeakReference<>(loader);
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

  private void assertCollectedAfterNextJob(FlinkCluster flink, WeakReference<ClassLoader> loader)
      throws Exception {
    servers.nodes().forEach(LocalServer::clearFaults);
    start(flink, 1_000).getJobExecutionResult().get(60, TimeUnit.SECONDS);

    await().until(() -> isCollected(loader));
  }

  /** Looks at the reference without using it, which would keep the class loader for a moment. */
  private static boolean isCollected(WeakReference<ClassLoader> loader) throws Exception {
    System.gc();
    useSerializationCaches();
    return loader.refersTo(null);
  }

  /** The JDK removes classes that are gone from them at the next use. */
  private static void useSerializationCaches() throws Exception {
    InstantiationUtil.clone(1);
  }

  /** Without duplicates, at which Flink 1.20 takes two tasks for two versions of a job. */
  private static List<URL> classPathOfJob() {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getProperty("java.class.path"))
        .filter(place -> Stream.of("/flink-", "slf4j", "log4j").noneMatch(place::contains))
        .distinct()
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
