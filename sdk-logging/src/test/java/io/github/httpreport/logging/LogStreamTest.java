package io.github.httpreport.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.testkit.LocalCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What both frameworks can show is in {@link AppenderContract}. */
class LogStreamTest {

  private final List<String> reports = new ArrayList<>();

  private LogStream<String> open(LocalCluster cluster, String name) {
    StreamOptions options = new StreamOptions();
    options.set("manager", cluster.managerUrl());
    options.set("group", "g");
    options.set("stream", "s");
    return LogStream.open(options.read(), LogStreamTest::text, name, reports::add);
  }

  private static String text(String event) {
    if (event.equals("overflow")) {
      throw new StackOverflowError("in " + event);
    }
    return event;
  }

  @ParameterizedTest
  @CsvSource({
    "io.github.httpreport.internal.Engine, main, true",
    "com.example.Shop, http-report-log-reports-timer-1, true",
    "org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager, main, false",
    "com.example.Shop, main, false",
    "io.github.httpreporting.Shop, http-report-1, false",
    ",, false",
  })
  void isOwn_loggerAndThread_decide(String logger, String thread, boolean own) {
    assertThat(LogStream.isOwn(logger, thread)).isEqualTo(own);
  }

  @Test
  void append_afterClose_isLostAndDoesNotThrow() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      LogStream<String> stream =
          open(cluster, "\u65e5\u5fd7 with a name that is no thread's ".repeat(9));
      stream.append("a");
      stream.close(Duration.ZERO, () -> stream.append("while it stops"));
      stream.close(Duration.ZERO, () -> {});
      stream.append("b");
      assertThat(cluster.storedCount()).isEqualTo(1);
      assertThat(stream.lost()).isEqualTo(2);
      assertThat(reports).singleElement().asString().contains("IllegalStateException", "closed");
    }
  }

  @Test
  void append_encoderThrowsAnError_isLostAndDoesNotThrow() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      LogStream<String> stream = open(cluster, "x");
      stream.append("overflow");
      stream.close(Duration.ofMinutes(1), () -> {});
      assertThat(stream.lost()).isEqualTo(1);
      assertThat(reports)
          .singleElement()
          .asString()
          .contains("StackOverflowError")
          .doesNotContain("overflow");
      assertThat(stream.toString()).doesNotContain("overflow");
    }
  }

  @Test
  void isOwn_whileTheThreadAppendsOrCloses_isTrue() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      List<Boolean> own = new ArrayList<>();
      StreamOptions options = new StreamOptions();
      options.set("manager", cluster.managerUrl());
      options.set("group", "g");
      options.set("stream", "s");
      LogStream<String> stream =
          LogStream.open(
              options.read(),
              event -> {
                own.add(LogStream.isOwn("com.example.Shop", "main"));
                return event;
              },
              "x",
              reports::add);
      stream.append("a");
      stream.close(Duration.ZERO, () -> own.add(LogStream.isOwn("com.example.Shop", "main")));
      assertThat(own).containsExactly(true, true);
      assertThat(LogStream.isOwn("com.example.Shop", "main")).isFalse();
    }
  }
}
