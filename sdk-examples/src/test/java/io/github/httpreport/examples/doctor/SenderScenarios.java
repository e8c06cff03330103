package io.github.httpreport.examples.doctor;

import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.WhenFull;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.examples.CliRun;
import io.github.httpreport.spool.SpoolSettings;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testsupport.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The failures that an application sees, and asks the doctor to explain. */
final class SenderScenarios {

  private static final String INTERNAL = "io.github.httpreport.internal.";
  private static final String NOBODY = "127.0.0.1:1";

  private final Path directory;

  private SenderScenarios(Path directory) {
    this.directory = directory;
  }

  static Map<String, FailureScenario> in(Path directory) {
    SenderScenarios scenarios = new SenderScenarios(directory);
    Map<String, FailureScenario> all = new HashMap<>(scenarios.ofBufferAndSpool());
    all.putAll(scenarios.ofTheLog());
    return all;
  }

  private Map<String, FailureScenario> ofBufferAndSpool() {
    return Map.of(
        "buffer was full for 10000 ms",
        this::fullBuffer,
        "spool is full",
        this::fullSpool,
        "the spool ... is in use by another sender",
        this::sharedSpool,
        "the spool ... holds N messages that were encoded for X",
        this::spoolOfAnotherProtocol,
        "the spool ... cannot be used",
        this::brokenSpool,
        "sender is closed",
        this::closedSender);
  }

  private Map<String, FailureScenario> ofTheLog() {
    return Map.of(
        "Messages for ... are lost: 12 failed; ...",
        () -> lossLine("are lost"),
        "Messages for ... are still lost: 88 failed ...",
        () -> lossLine("are still lost"),
        "was closed before 100 messages were acknowledged",
        this::closedTooEarly,
        "The node source does not answer, and is asked again until it does: ...",
        this::silentManager,
        "Node ... is ejected for 1114 ms; failures in a row: 1, the last: ...",
        this::ejectedNode);
  }

  private static HttpProxySender.Builder toNobody() {
    return HttpProxySender.builder()
        .nodes(NOBODY)
        .retry(RetryPolicy.builder().deadline(Duration.ofMillis(300)).build())
        .closeTimeout(Duration.ZERO);
  }

  private static CliRun explained(ThrowingCallable failing) {
    Throwable failure = catchThrowable(failing);
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return DoctorRuns.explain(String.valueOf(cause == null ? null : cause.getMessage()));
  }

  private CliRun fullBuffer() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender =
            HttpProxySender.builder()
                .manager(cluster.managerUrl())
                .buffer(4096, WhenFull.block(Duration.ofMillis(50)))
                .closeTimeout(Duration.ZERO)
                .build()) {
      cluster.node(0).always(Fault.noResponse());
      sender.sendAsync(List.of("x".repeat(1500)), "group", "stream");
      return explained(() -> sender.sendAsync(List.of("x".repeat(1500)), "group", "stream").join());
    }
  }

  /** The third message is over the bound. */
  private CliRun fullSpool() {
    SpoolSettings settings =
        SpoolSettings.builder(directory.resolve("full")).maxBytes(1 << 20).writeAhead(true).build();
    try (ProxySender sender = toNobody().spool(settings).build()) {
      return explained(
          () -> {
            for (int i = 0; i < 3; i++) {
              sender.sendAsync(List.of("x".repeat(400_000)), "group", "stream").join();
            }
          });
    }
  }

  private CliRun sharedSpool() {
    SpoolSettings settings = SpoolSettings.in(directory.resolve("shared"));
    ProxySender first = toNobody().spool(settings).build();
    try (first) {
      return explained(() -> toNobody().spool(settings).build());
    }
  }

  private CliRun spoolOfAnotherProtocol() {
    SpoolSettings settings =
        SpoolSettings.builder(directory.resolve("inlong")).writeAhead(true).build();
    try (ProxySender sender = toNobody().spool(settings).build()) {
      sender.sendAsync(List.of("a"), "group", "stream").join();
    }
    return explained(() -> toNobody().spool(settings).protocol(EkuiperProtocol.post("/x")).build());
  }

  private CliRun brokenSpool() throws IOException {
    Path place = directory.resolve("gone");
    try (LogCapture log = LogCapture.of(INTERNAL + "spool.RecoveringSpool");
        ProxySender sender =
            toNobody().spool(SpoolSettings.builder(place).writeAhead(true).build()).build()) {
      sender.sendAsync(List.of("a"), "group", "stream").join();
      deleteAll(place);
      Files.writeString(place, "a file where the directory was");
      sender.sendAsync(List.of("b"), "group", "stream");
      return explained(log, "cannot be used");
    }
  }

  private static void deleteAll(Path place) throws IOException {
    try (var files = Files.list(place)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(place);
  }

  private CliRun closedSender() {
    ProxySender sender = toNobody().build();
    sender.close();
    return explained(() -> sender.send(List.of("a"), "group", "stream"));
  }

  /** The second loss is counted, and told when the sender closes. */
  private static CliRun lossLine(String text) {
    try (LogCapture log = LogCapture.of(INTERNAL + "telemetry.LossLog")) {
      try (ProxySender sender = toNobody().build()) {
        for (int i = 0; i < 2; i++) {
          sender.sendAsync(List.of("a"), "group", "stream");
          sender.flush().join();
        }
      }
      return explained(log, text);
    }
  }

  private CliRun closedTooEarly() {
    try (LogCapture log = LogCapture.of(INTERNAL + "ClosingReport")) {
      RetryPolicy patient = RetryPolicy.builder().deadline(Duration.ofMinutes(1)).build();
      try (ProxySender sender = toNobody().retry(patient).build()) {
        sender.sendAsync(List.of("a"), "group", "stream");
      }
      return explained(log, "was closed before");
    }
  }

  private CliRun silentManager() {
    try (LogCapture log = LogCapture.of(INTERNAL + "node.NodeSourceLog");
        ProxySender sender =
            HttpProxySender.builder()
                .manager("http://" + NOBODY)
                .retry(RetryPolicy.builder().deadline(Duration.ofMillis(300)).build())
                .closeTimeout(Duration.ZERO)
                .build()) {
      sender.sendAsync(List.of("a"), "group", "stream");
      return explained(log, "does not answer");
    }
  }

  private CliRun ejectedNode() {
    try (LogCapture log = LogCapture.of(INTERNAL + "node.NodeTable");
        ProxySender sender = toNobody().build()) {
      sender.sendAsync(List.of("a"), "group", "stream");
      return explained(log, "is ejected");
    }
  }

  /** Waits for the line, because a thread of the sender logs it. */
  private static CliRun explained(LogCapture log, String text) {
    await().until(() -> log.lines().stream().anyMatch(line -> line.contains(text)));
    String line =
        log.lines().stream().filter(each -> each.contains(text)).findFirst().orElseThrow();
    return DoctorRuns.explain(line);
  }
}
