package io.github.httpreport.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendSignalTest {

  @TempDir private Path directory;

  @Test
  void send_endedWhileItWaitsForInput_sendsWhatItReadAndReports() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(1);
        RunningTool tool = send(cluster, "--linger", "0ms")) {
      write(tool.input(), "a\nb\n");
      await().until(() -> cluster.storedCount() == 2);
      assertThat(tool.end()).isEqualTo(143);
      assertThat(tool.output())
          .containsPattern("Acknowledged +2\n")
          .contains("The input was not read to its end.")
          .contains("Every line that was read was acknowledged.");
    }
  }

  @Test
  void send_endedWhileABatchLingers_sendsItFirst() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(1);
        RunningTool tool = send(cluster, "--linger", "1h", "--batch-messages", "2")) {
      write(tool.input(), "a\nb\nc\n");
      await().until(() -> cluster.storedCount() == 2);
      assertThat(tool.end()).isEqualTo(143);
      assertThat(cluster.storedCount()).isEqualTo(3);
      assertThat(tool.output()).containsPattern("Acknowledged +3\n");
    }
  }

  @Test
  void send_endedWhileNobodyAnswers_keepsWhatItGaveUpInTheFile() throws Exception {
    Path failed = directory.resolve("failed.txt");
    try (LocalCluster cluster = LocalCluster.start(1);
        RunningTool tool =
            send(cluster, "--close-timeout", "200ms", "--failed-file", failed.toString())) {
      cluster.node(0).always(Fault.noResponse());
      write(tool.input(), "a\nb\n");
      await().until(() -> cluster.node(0).requests() == 1);
      assertThat(tool.end()).isEqualTo(143);
      assertThat(tool.output()).contains("2 lines not delivered.").contains("was closed before");
      assertThat(Files.readAllLines(failed)).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void send_endedWhileItWaitsForRoom_accountsForEveryLineItRead() throws Exception {
    Path failed = directory.resolve("failed.txt");
    try (LocalCluster cluster = LocalCluster.start(1);
        RunningTool tool =
            send(
                cluster,
                "--close-timeout",
                "100ms",
                "--buffer",
                "100000B",
                "--linger",
                "0ms",
                "--failed-file",
                failed.toString())) {
      cluster.node(0).always(Fault.noResponse());
      for (String letter : List.of("x", "y", "z")) {
        write(tool.input(), letter.repeat(40_000) + "\n");
      }
      await().until(() -> cluster.node(0).requests() == 2);
      assertThat(tool.end()).isEqualTo(143);
      long lines = Files.readAllLines(failed).size();
      assertThat(lines).isEqualTo(2);
      assertThat(tool.output())
          .as("the third line was never taken")
          .containsPattern("Lines read +2\n")
          .containsPattern("Failed +" + lines + "\n");
    }
  }

  @Test
  void send_ended_saysWhatItWaitsForAndHowLong() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(1);
        RunningTool tool = send(cluster, "--close-timeout", "200ms")) {
      cluster.node(0).always(Fault.noResponse());
      write(tool.input(), "a\nb\n");
      await().until(() -> cluster.node(0).requests() == 1);
      assertThat(tool.end()).isEqualTo(143);
      assertThat(tool.output())
          .contains(
              "Stopping: waiting up to 200 ms for 2 lines that were read and not acknowledged");
    }
  }

  @Test
  void send_endedTwice_endsAtOnce() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(1);
        RunningTool tool = send(cluster, "--close-timeout", "1h")) {
      cluster.node(0).always(Fault.noResponse());
      write(tool.input(), "a\n");
      await().until(() -> cluster.node(0).requests() == 1);
      tool.signal();
      tool.awaitOutput(Pattern.compile("Stopping: waiting"));
      assertThat(tool.end()).isEqualTo(143);
    }
  }

  @Test
  void send_endedWhenEverythingWasRead_doesNotSayThatSomethingWasNot() throws Exception {
    Path in = Files.writeString(directory.resolve("in.txt"), "a\nb\n");
    try (LocalCluster cluster = LocalCluster.start(1);
        RunningTool tool = send(cluster, "--close-timeout", "100ms", in.toString())) {
      cluster.node(0).always(Fault.noResponse());
      await().until(() -> cluster.node(0).requests() == 1);
      assertThat(tool.end()).isEqualTo(143);
      assertThat(tool.output()).contains("2 lines not delivered.").doesNotContain("to its end");
    }
  }

  /** A JVM takes its time to start on a busy machine. */
  private static ConditionFactory await() {
    return Awaitility.await().atMost(30, TimeUnit.SECONDS);
  }

  private static RunningTool send(LocalCluster cluster, String... options) throws IOException {
    String[] first = {"send", "--manager", cluster.managerUrl(), "--group", "g", "--stream", "s"};
    return RunningTool.start(Stream.of(first, options).flatMap(Stream::of).toArray(String[]::new));
  }

  private static void write(OutputStream input, String text) throws IOException {
    input.write(text.getBytes(UTF_8));
    input.flush();
  }
}
