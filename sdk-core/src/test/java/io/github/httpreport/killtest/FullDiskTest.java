package io.github.httpreport.killtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.ProxySender;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writes that the kernel refuses, in the middle of what is written: a child process whose files may
 * not become larger than a few megabytes, which a shell can say for any user.
 */
@Timeout(240)
class FullDiskTest {

  /** In units of 512 or 1024 bytes, as the shell has it. */
  private static final int MAX_BLOCKS = 6 << 10;

  private static final int MESSAGES = 1_500;
  private static final Duration AWHILE = Duration.ofSeconds(60);

  private static final Duration MAX = Duration.ofSeconds(60);

  @TempDir private Path temp;

  private final Set<Integer> stored = ConcurrentHashMap.newKeySet();
  private final LocalCluster cluster =
      LocalCluster.builder()
          .nodes(2)
          .onStored(record -> record.messages().forEach(body -> stored.add(number(body))))
          .start();
  private final HeldPorts ports = new HeldPorts();
  private final Map<Integer, String> outcomes = new TreeMap<>();
  private final List<String> log = new ArrayList<>();
  private Process child;
  private BufferedReader responses;

  private static int number(String body) {
    return Integer.parseInt(body.substring(0, body.indexOf('x')));
  }

  @BeforeEach
  void nodesAreDown() {
    cluster.nodes().forEach(LocalNode::stop);
    ports.hold(nodes());
  }

  private void startNodes() {
    ports.close();
    cluster.nodes().forEach(LocalNode::start);
  }

  @AfterEach
  void close() {
    if (child != null) {
      child.destroyForcibly();
    }
    ports.close();
    cluster.close();
  }

  private String[] nodes() {
    return cluster.nodes().stream().map(LocalNode::address).toArray(String[]::new);
  }

  private void startChild(String mode) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    child =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f " + MAX_BLOCKS + " && exec \"$@\"",
                "sh",
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Filler.class.getName(),
                temp.resolve("spool").toString(),
                mode,
                Integer.toString(MESSAGES),
                String.join(",", nodes()))
            .redirectErrorStream(true)
            .start();
    responses = child.inputReader(UTF_8);
    // Whoever waits for words of a child that hangs is then told that it ended.
    child.onExit().orTimeout(MAX.toSeconds(), TimeUnit.SECONDS).exceptionally(this::kill);
  }

  private Process kill(Throwable tooLong) {
    return child.destroyForcibly();
  }

  /** Notes what is told until a line that begins like this. */
  private String readUntil(String end) throws IOException {
    for (String line = responses.readLine(); line != null; line = responses.readLine()) {
      if (line.startsWith(end)) {
        return line;
      }
      if (line.startsWith("told ")) {
        String[] text = line.split(" ", 3);
        outcomes.put(Integer.parseInt(text[1]), text[2]);
      } else {
        log.add(line);
      }
    }
    throw new AssertionError("the child ended early: " + log);
  }

  private void anotherRound() throws IOException {
    OutputStream questions = child.getOutputStream();
    questions.write('\n');
    questions.flush();
  }

  private void endChild() throws IOException, InterruptedException {
    child.getOutputStream().close();
    String closed = readUntil("closed ");
    assertThat(child.waitFor(AWHILE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(closed).as("messages that nobody accounts for").endsWith(" 0");
  }

  private Set<Integer> outcomes(String text) {
    return outcomes.entrySet().stream()
        .filter(entry -> entry.getValue().startsWith(text))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void drainWithoutTheLimit() {
    try (ProxySender next = Child.sender(temp.resolve("spool"), nodes())) {
      CloseSummary closed = next.close(AWHILE);
      assertThat(closed.total()).isZero();
    }
  }

  /** A write that the disk refused leaves the file as the commit before it. */
  private void assertNothingWasTakenForDamaged() {
    assertThat(log).noneMatch(line -> line.contains("is damaged"));
    assertThat(temp.resolve("spool")).isDirectoryNotContaining("glob:**spool-*.mv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ahead", "spill"})
  void nodesDownAndDiskFull_whatIsAcknowledgedIsThereAndTheRestFails(String mode)
      throws IOException, InterruptedException {
    startChild(mode);
    readUntil("round over");
    endChild();

    assertThat(outcomes).hasSize(MESSAGES);
    assertThat(outcomes("sent")).isEmpty();
    assertThat(outcomes("spooled")).hasSizeGreaterThan(100);
    assertThat(outcomes("failed")).hasSizeGreaterThan(100);
    outcomes("failed")
        .forEach(
            number ->
                assertThat(outcomes.get(number))
                    .containsAnyOf("BufferFullException", "NoNodeAvailableException"));
    assertThat(log).anyMatch(line -> line.endsWith("spool.mv: File too large"));

    startNodes();
    drainWithoutTheLimit();

    assertThat(stored).containsAll(outcomes("spooled"));
    assertNothingWasTakenForDamaged();
  }

  @Test
  void nodesWellAndDiskFull_everythingIsDeliveredAndTheDiskIsUsedAgain()
      throws IOException, InterruptedException {
    startChild("ahead");
    readUntil("round over");
    Set<Integer> onDisk = new HashSet<>(outcomes("spooled"));
    assertThat(outcomes("failed")).isNotEmpty();

    startNodes();
    await().atMost(AWHILE).untilAsserted(() -> assertThat(stored).containsAll(onDisk));
    List<Integer> spooledInRound = new ArrayList<>();
    while (spooledInRound.isEmpty()) {
      int before = outcomes.size();
      anotherRound();
      readUntil("round over");
      spooledInRound.addAll(
          outcomes("spooled").stream().filter(number -> number >= before).toList());
      assertThat(outcomes("failed")).allMatch(number -> number < MESSAGES);
    }
    endChild();
    drainWithoutTheLimit();

    assertThat(stored).containsAll(outcomes("spooled")).containsAll(outcomes("sent"));
    assertNothingWasTakenForDamaged();
  }
}
