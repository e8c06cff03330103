package io.github.httpreport.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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
      cluster.node(0).always(Fault.noAnswer());
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
                "1024B",
                "--linger",
                "0ms",
                "--failed-file",
                failed.toString())) {
      cluster.node(0).always(Fault.noAnswer());
      write(tool.input(), "x".repeat(400) + "\n" + "y".repeat(400) + "\n" + "z".repeat(400) + "\n");
      await().until(() -> cluster.node(0).requests() == 2);
      assertThat(tool.end()).isEqualTo(143);
      long lines = Files.readAllLines(failed).size();
      assertThat(lines).isGreaterThanOrEqualTo(2);
      assertThat(tool.output())
          .containsPattern("Lines read +" + lines + "\n")
          .containsPattern("Failed +" + lines + "\n");
    }
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
