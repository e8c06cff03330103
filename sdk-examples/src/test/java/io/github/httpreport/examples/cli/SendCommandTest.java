package io.github.httpreport.examples.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.httpreport.examples.CliRun;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SendCommandTest {

  @TempDir private Path directory;

  @Test
  void send_standardInput_isStoredLineByLine() {
    try (LocalCluster cluster = LocalCluster.start(2)) {
      CliRun run = CliRun.withInput("a\nb%+&;=#茶\r\n\nc", send("--manager", cluster.managerUrl()));
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(messagesIn(cluster)).containsExactlyInAnyOrder("a", "b%+&;=#茶", "c");
      assertThat(run.cell("Lines read")).isEqualTo("4");
      assertThat(run.cell("skipped: blank")).isEqualTo("1");
      assertThat(run.cell("Acknowledged")).isEqualTo("3");
      assertThat(run.outLines()).endsWith("Every line that was read was acknowledged.");
      assertThat(run.err()).isEmpty();
    }
  }

  @Test
  void send_files_areStoredOneAfterTheOther() throws IOException {
    Path first = Files.writeString(directory.resolve("1.txt"), "a\nb");
    Path second = Files.writeString(directory.resolve("2.txt"), "c\n");
    try (LocalCluster cluster = LocalCluster.start(1)) {
      CliRun run =
          CliRun.of(send("--node", cluster.node(0).address(), first.toString(), second.toString()));
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(messagesIn(cluster)).containsExactly("a", "b", "c");
      assertThat(cluster.manager().requests()).isZero();
    }
  }

  @Test
  void send_severalManagersAndNodes_usesThoseThatAnswer() {
    try (LocalCluster cluster = LocalCluster.start(2)) {
      String gone = "http://127.0.0.1:1";
      CliRun byManager =
          CliRun.withInput("a", send("--manager", gone, "--manager", cluster.managerUrl()));
      assertThat(byManager.exitCode()).as(byManager.toString()).isZero();
      cluster.node(0).stop();
      CliRun byNode =
          CliRun.withInput(
              "b", send("--node", cluster.node(0).address(), "--node", cluster.node(1).address()));
      assertThat(byNode.exitCode()).as(byNode.toString()).isZero();
      assertThat(messagesIn(cluster)).containsExactly("a", "b");
    }
  }

  @Test
  void send_everyOption_isTaken() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      String[] options =
          "--encoding compact --selector round-robin --linger 0ms --batch-messages 2"
              .concat(" --batch-bytes 64KiB --request-timeout 20s --connect-timeout 10s")
              .concat(" --deadline 2m --buffer 32MB --close-timeout 5s")
              .split(" ");
      String[] args =
          Stream.of(send("--manager", cluster.managerUrl()), options)
              .flatMap(Stream::of)
              .toArray(String[]::new);
      CliRun run = CliRun.withInput("茶\nb\nc", args);
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(cluster.stored()).as("linger 0 seals each message").hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"random", "round-robin", "weighted-by-load", "least-loaded", "CONSISTENT-HASH"})
  void send_eachSelector_delivers(String selector) {
    try (LocalCluster cluster = LocalCluster.start(2)) {
      CliRun run =
          CliRun.withInput("a", send("--manager", cluster.managerUrl(), "--selector", selector));
      assertThat(run.exitCode()).as(run.toString()).isZero();
    }
  }

  @Test
  void send_linesThatAreRefused_goToTheFileAsTheyWere() throws IOException {
    byte[] input = "good\nbad ?\n\nlarge \n".getBytes(UTF_8);
    input[9] = (byte) 0xfe;
    Path in = directory.resolve("in.txt");
    Files.write(in, input);
    Files.writeString(in, "x".repeat(2000) + "\nlast", StandardOpenOption.APPEND);
    Path failed = Files.writeString(directory.resolve("failed.txt"), "before\n");
    try (LocalCluster cluster =
        LocalCluster.builder().maxRequestBytes(1000).reportLimit(true).start()) {
      CliRun run =
          CliRun.of(send("--manager", cluster.managerUrl(), "--failed-file", failed + "", in + ""));
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(messagesIn(cluster)).containsExactlyInAnyOrder("good", "large ", "last");
      assertThat(run.err())
          .contains("error: " + in + ", line 2, byte offset 9: not UTF-8, skipped")
          .contains("error: " + in + ", line 5: not delivered: ")
          .contains("1000");
      assertThat(run.cell("skipped: not UTF-8")).isEqualTo("1");
      assertThat(run.cell("Failed")).isEqualTo("1");
      assertThat(run.outLines()).endsWith("2 lines not delivered.");
    }
    byte[] kept = Files.readAllBytes(failed);
    assertThat(new String(kept, ISO_8859_1))
        .isEqualTo("before\nbad \u00fe\n" + "x".repeat(2000) + "\n");
  }

  @Test
  void send_byteOrderMark_isNotSentAndSaid() throws IOException {
    Path in = Files.writeString(directory.resolve("in.txt"), "\uFEFFa\n\uFEFFb\n");
    try (LocalCluster cluster = LocalCluster.start(1)) {
      CliRun run = CliRun.of(send("--manager", cluster.managerUrl(), in.toString()));
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(messagesIn(cluster)).containsExactly("a", "\uFEFFb");
      assertThat(run.err()).contains(in + " begins with a byte order mark, which is not sent.");
    }
  }

  @Test
  void send_gzip_isUnpackedFromFilesAndStandardInput() throws IOException {
    byte[] packed = gzip("a\nb\n");
    Path in = Files.write(directory.resolve("in.txt"), packed);
    try (LocalCluster cluster = LocalCluster.start(1)) {
      assertThat(CliRun.of(send("--manager", cluster.managerUrl(), in.toString())).exitCode())
          .isZero();
      assertThat(CliRun.withInput(packed, send("--manager", cluster.managerUrl())).exitCode())
          .isZero();
      assertThat(messagesIn(cluster)).containsExactly("a", "b", "a", "b");
    }
  }

  @Test
  void send_gzipCutShort_sendsWhatItHoldsAndSaysSo() throws IOException {
    byte[] packed = gzip("line\n".repeat(10_000));
    Path in = Files.write(directory.resolve("in.gz"), Arrays.copyOf(packed, packed.length - 10));
    try (LocalCluster cluster = LocalCluster.start(1)) {
      CliRun run = CliRun.of(send("--manager", cluster.managerUrl(), in.toString()));
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("error: " + in + " could not be read to its end: ");
      assertThat(run.out()).contains("The input was not read to its end.");
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream packing = new GZIPOutputStream(bytes)) {
      packing.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void send_answersThatGotLost_areInTheSummary() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      cluster.node(0).script(Fault.resetAfterRead());
      CliRun run = CliRun.withInput("a\nb", send("--manager", cluster.managerUrl()));
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(run.cell("Possible duplicates")).isEqualTo("2");
    }
  }

  @Test
  void send_proxyThatIsNotThere_isNamedInTheError() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      CliRun run =
          CliRun.withInput(
              "a",
              send(
                  "--manager", cluster.managerUrl(), "--proxy", "127.0.0.1:1", "--deadline", "1s"));
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("127.0.0.1:1");
      assertThat(cluster.manager().requests()).isZero();
    }
  }

  @Test
  void send_rate_isKept() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      long start = System.nanoTime();
      CliRun run =
          CliRun.withInput("a\nb\nc", send("--manager", cluster.managerUrl(), "--rate", "10"));
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("the third line is due after 200 ms")
          .isGreaterThan(Duration.ofMillis(200));
    }
  }

  @Test
  void send_spool_keepsLinesForTheNextRun() {
    String spool = directory.resolve("spool").toString();
    CliRun first =
        CliRun.withInput(
            "a\nb", send("--node", "127.0.0.1:1", "--deadline", "300ms", "--spool", spool));
    assertThat(first.exitCode()).as(first.toString()).isEqualTo(1);
    assertThat(first.cell("On disk")).isEqualTo("2");
    assertThat(first.outLines()).endsWith("2 lines on disk, for the next run with this spool.");

    try (LocalCluster cluster = LocalCluster.start(1)) {
      CliRun next =
          CliRun.withInput("c", send("--manager", cluster.managerUrl(), "--spool", spool));
      assertThat(next.exitCode()).as(next.toString()).isZero();
      assertThat(messagesIn(cluster)).containsExactlyInAnyOrder("a", "b", "c");
    }
  }

  @Test
  void send_failedFile_canBeSentAgain() throws IOException {
    Path in = Files.writeString(directory.resolve("in.txt"), "1\n2\n3\n");
    Path failed = directory.resolve("failed.txt");
    try (LocalCluster cluster = LocalCluster.start(1)) {
      cluster.node(0).always(Fault.code("115", "Topic not configured"));
      CliRun first =
          CliRun.of(send("--manager", cluster.managerUrl(), "--failed-file", failed + "", in + ""));
      assertThat(first.exitCode()).isEqualTo(1);
      assertThat(first.err()).contains("answered 115 (Topic not configured)");
      assertThat(Files.readAllLines(failed)).containsExactlyInAnyOrder("1", "2", "3");
      cluster.node(0).clearFaults();
      CliRun second = CliRun.of(send("--manager", cluster.managerUrl(), failed + ""));
      assertThat(second.exitCode()).as(second.toString()).isZero();
      assertThat(messagesIn(cluster)).containsExactlyInAnyOrder("1", "2", "3");
    }
  }

  @Test
  void send_unknownGroup_showsTheTextOfTheManagerOnce() {
    try (LocalCluster cluster = LocalCluster.builder().topic("other", "stream").start()) {
      CliRun run =
          CliRun.withInput(
              "a\n".repeat(2000),
              send("--manager", cluster.managerUrl(), "--batch-messages", "500"));
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .containsOnlyOnce("group not found by groupId=g")
          .contains(": not delivered: 500 messages for g/s: Manager http://127.0.0.1:");
      assertThat(run.cell("Failed")).isEqualTo("2,000");
    }
  }

  @Test
  void send_credentials_areTakenFromTheFileAndNeverShown() throws IOException {
    Path right = Files.writeString(directory.resolve("right"), "correct-key\n");
    Path wrong = Files.writeString(directory.resolve("wrong"), "mistaken-key");
    try (LocalCluster cluster =
        LocalCluster.builder().authentication("me", "correct-key").start()) {
      String[] manager = {"--manager", cluster.managerUrl(), "--secret-id", "me"};
      CliRun well = CliRun.withInput("a", send(manager, "--secret-key-file", right.toString()));
      assertThat(well.exitCode()).as(well.toString()).isZero();
      CliRun bad = CliRun.withInput("a", send(manager, "--secret-key-file", wrong.toString()));
      assertThat(bad.exitCode()).isEqualTo(1);
      assertThat(bad.err()).contains("403").doesNotContain("mistaken-key");
      CliRun none = CliRun.withInput("a", send("--manager", cluster.managerUrl()));
      assertThat(none.exitCode()).isEqualTo(1);
      assertThat(none.err()).contains("403");
    }
  }

  static Stream<Arguments> badUsage() {
    return Stream.of(
        arguments("--linger 5parsecs", "'--linger': '5parsecs' is no time; write a whole number"),
        arguments("--request-timeout 0s", "'--request-timeout': '0s' is not more than zero"),
        arguments("--rate 0", "--rate must be at least 1, but is 0"),
        arguments("--ca-file /nowhere.pem", "/nowhere.pem"),
        arguments("--client-cert c.p12", "--client-cert-password-file or set HTTP_REPORT_CLIENT"),
        arguments("--client-cert-password-file p", "goes with --client-cert"),
        arguments("--proxy nowhere", "proxy"),
        arguments("--deadline 10", "'--deadline': '10' is no time"),
        arguments("--batch-bytes 64K", "'--batch-bytes': '64K' is no size; write a whole number"),
        arguments("--batch-bytes 3GiB", "--batch-bytes must be less than 2GiB"),
        arguments("--batch-messages 0", "--batch-messages must be at least 1, but is 0"),
        arguments("--buffer 3B", "--buffer must be at least 1024, but is 3"),
        arguments("--encoding morse", "'--encoding': expected one of [STANDARD, COMPACT]"),
        arguments("--selector best", "expected one of [least-loaded, random,"),
        arguments("--group=", "--group must not be blank"),
        arguments("--secret-id me", "secret id me needs a key: give --secret-key-file or set"),
        arguments(
            "--secret-id me --secret-key-file nowhere", "--secret-key-file nowhere: no such file"),
        arguments("--manager nonsense", "a Manager URL must be http://host:port"),
        arguments("--manager http://a:1 --node b:2", "are mutually exclusive"),
        arguments("missing.txt", "missing.txt: no such file"),
        arguments("--failed-file no/such/directory", "no/such/directory: no such file"),
        arguments("--nonsense", "Unknown option: '--nonsense'"));
  }

  @ParameterizedTest
  @MethodSource("badUsage")
  void send_badUsage_isNamedInOneLineAndSendsNothing(String bad, String text) {
    Stream<String> manager =
        Stream.of("--manager", "http://127.0.0.1:9").filter(a -> !bad.contains("--manager"));
    Stream<String> group = Stream.of("--group", "g").filter(a -> !bad.contains("--group"));
    String[] args =
        Stream.of(Stream.of("send", "--stream", "s"), manager, group, Stream.of(bad.split(" ")))
            .flatMap(Function.identity())
            .toArray(String[]::new);
    CliRun run = CliRun.withInput("a", args);
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(text).doesNotContain("\tat ");
    assertThat(run.err().lines().filter(line -> line.startsWith("error:"))).hasSize(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void send_credentialsForNodes_areRefused() throws IOException {
    Path key = Files.writeString(directory.resolve("key"), "k");
    CliRun run =
        CliRun.withInput(
            "a", send("--node", "127.0.0.1:9", "--secret-id", "me", "--secret-key-file", key + ""));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("credentials are for a --manager");
  }

  @Test
  void send_failedFileThatIsToBeSent_isRefusedAndLeftAlone() throws IOException {
    Path file = Files.writeString(directory.resolve("failed.txt"), "a\n");
    CliRun run = CliRun.of(send("--node", "127.0.0.1:9", "--failed-file", file + "", file + ""));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("is also to be sent; name another one");
    assertThat(file).hasContent("a");
  }

  @Test
  void send_nobodyListens_failsByTheDeadline() {
    CliRun run = CliRun.withInput("a\nb", send("--node", "127.0.0.1:1", "--deadline", "300ms"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(": not delivered: 2 messages for g/s: ");
    assertThat(run.outLines()).endsWith("2 lines not delivered.");
  }

  private static String[] send(String... rest) {
    return send(new String[] {}, rest);
  }

  private static String[] send(String[] some, String... rest) {
    String[] first = {"send", "--group", "g", "--stream", "s"};
    return Stream.of(first, some, rest).flatMap(Stream::of).toArray(String[]::new);
  }

  private static List<String> messagesIn(LocalCluster cluster) {
    return cluster.stored().stream().flatMap(record -> record.messages().stream()).toList();
  }
}
