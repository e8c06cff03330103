package io.github.httpreport.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.StoredRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;

/** What becomes of messages when an application ends. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class SenderShutdownTest {

  private static final List<Double> SENT_AT_CLOSE = new CopyOnWriteArrayList<>();

  /** A registry as one that publishes: what is counted after its close is never seen. */
  static class LastPublication {
    @Bean
    MeterRegistry registry() {
      return new SimpleMeterRegistry() {
        @Override
        public void close() {
          SENT_AT_CLOSE.add(get("http.report.messages").tag("result", "sent").counter().count());
          super.close();
        }
      };
    }

    /** Lets the request that is held go on while the web server stops, and no earlier. */
    @Bean
    SmartLifecycle release(WebApplication.Reporter reporter) {
      return new Release(reporter);
    }
  }

  private static final class Release implements SmartLifecycle {
    private final WebApplication.Reporter reporter;
    private volatile boolean running;

    Release(WebApplication.Reporter reporter) {
      this.reporter = reporter;
    }

    @Override
    public void start() {
      running = true;
    }

    @Override
    public void stop() {
      running = false;
      reporter.goOn.countDown();
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    /** That of the graceful shutdown. */
    @Override
    public int getPhase() {
      return DEFAULT_PHASE - 1024;
    }
  }

  @Test
  void close_requestStillServed_itsMessageIsDeliveredAndCountedBeforeTheRegistryCloses()
      throws InterruptedException {
    SENT_AT_CLOSE.clear();
    try (LocalCluster cluster = LocalCluster.start(1)) {
      ConfigurableApplicationContext context =
          WebApplication.start(
              new Class<?>[] {WebApplication.class, LastPublication.class},
              "http-report.manager=" + cluster.managerUrl(),
              "http-report.batching.linger=1h");
      WebApplication.get(context, "/report?body=early");
      CompletableFuture<HttpResponse<String>> held =
          WebApplication.getAsync(context, "/report-when-told?body=late");
      context.getBean(WebApplication.Reporter.class).asked.await();

      context.close();

      assertThat(held.join().body()).isEqualTo("accepted");
      assertThat(messages(cluster)).containsExactlyInAnyOrder("early", "late");
      assertThat(SENT_AT_CLOSE.get(0)).as("counted at the first close").isEqualTo(2);
    }
  }

  private static List<String> messages(LocalCluster cluster) {
    return cluster.stored().stream().map(StoredRecord::messages).flatMap(List::stream).toList();
  }

  @Test
  void close_nodeThatNeverAnswers_endsWithinThePhaseAndReportsWhatIsLeft(CapturedOutput output) {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      cluster.node(0).always(Fault.noResponse());
      ConfigurableApplicationContext context =
          WebApplication.start(
              "http-report.manager=" + cluster.managerUrl(),
              "spring.lifecycle.timeout-per-shutdown-phase=6s");
      CompletableFuture<?> lost =
          context.getBean(ProxySender.class).sendAsync(List.of("a", "b"), "group", "stream");

      context.close();

      assertThat(lost).isCompletedExceptionally();
      assertThat(output)
          .contains("httpReportSender is closed and leaves 2 messages undelivered")
          .doesNotContain("still running after timeout");
    }
  }

  @Test
  void close_severalSenders_allCloseAtTheSameTime(CapturedOutput output) {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      cluster.node(0).always(Fault.noResponse());
      List<String> properties = new ArrayList<>();
      properties.add("spring.lifecycle.timeout-per-shutdown-phase=6s");
      List.of("a", "b", "c")
          .forEach(
              name ->
                  properties.add(
                      "http-report.senders." + name + ".manager=" + cluster.managerUrl()));
      Contexts.runner(properties.toArray(String[]::new))
          .run(
              context ->
                  context
                      .getBeansOfType(ProxySender.class)
                      .values()
                      .forEach(sender -> sender.sendAsync(List.of("x"), "group", "stream")));

      assertThat(output)
          .contains("aSender is closed and leaves 1 messages undelivered")
          .contains("cSender is closed and leaves 1 messages undelivered")
          .doesNotContain("still running after timeout");
    }
  }

  @Test
  void stop_ofAContextThatStartsAgain_flushesAndKeepsTheSender() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      Contexts.runner(
              "http-report.manager=" + cluster.managerUrl(), "http-report.batching.linger=1h")
          .run(
              context -> {
                HttpProxySender sender = context.getBean(HttpProxySender.class);
                sender.enqueue("before", "group", "stream");
                context.getSourceApplicationContext().stop();
                assertThat(cluster.stored()).hasSize(1);

                context.getSourceApplicationContext().start();
                sender.send(List.of("after"), "group", "stream");
                assertThat(messages(cluster)).containsExactly("before", "after");
              });
    }
  }
}
