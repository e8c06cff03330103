package io.github.httpreport.internal.spool.store;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.spool.SpoolException;
import io.github.httpreport.spool.SpoolSettings;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import io.github.httpreport.testkit.StoredRecord;
import io.github.httpreport.testsupport.LogCapture;
import io.github.httpreport.testsupport.Summaries;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Faults of the disk, with a real cluster: nothing acknowledged is missing, nothing hangs. */
@Timeout(120)
class SpoolFaultTest {

  private static final String PROC = "/proc";
  private static final Duration AWHILE = Duration.ofSeconds(20);

  @TempDir private Path temp;

  private final LocalCluster cluster = LocalCluster.start(2);
  private final List<ProxySender> senders = new ArrayList<>();

  @AfterEach
  void close() {
    senders.forEach(sender -> sender.close(Duration.ZERO));
    cluster.close();
  }

  private Path directory() {
    return temp.resolve("spool");
  }

  private ProxySender sender(boolean writeAhead) {
    ProxySender sender =
        HttpProxySender.builder()
            .manager(cluster.managerUrl())
            .retry(
                RetryPolicy.builder()
                    .maxAttempts(3)
                    .backoff(Duration.ofMillis(1), Duration.ofMillis(50))
                    .build())
            .spool(SpoolSettings.builder(directory()).writeAhead(writeAhead).build())
            .build();
    senders.add(sender);
    return sender;
  }

  private static SendResult send(ProxySender sender, String body) {
    return sender.send(List.of(body), "group", "stream");
  }

  private Set<String> stored() {
    Set<String> bodies = new HashSet<>();
    for (StoredRecord record : cluster.stored()) {
      bodies.addAll(record.body().lines().toList());
    }
    return bodies;
  }

  private void leaveInSpool(int messages) {
    cluster.nodes().forEach(LocalNode::stop);
    try (ProxySender sender = sender(false)) {
      List<CompletableFuture<SendResult>> futures = new ArrayList<>();
      for (int i = 0; i < messages; i++) {
        futures.add(sender.sendAsync(List.of("left" + i), "group", "stream"));
      }
      assertThat(futures).allSatisfy(future -> assertThat(future).succeedsWithin(AWHILE));
      assertThat(sender.close(Duration.ZERO)).isEqualTo(Summaries.of(0, 0, messages, 0));
    }
    cluster.nodes().forEach(LocalNode::start);
  }

  @Test
  void directoryIsAFile_messagesAreDeliveredWithoutASpool() throws IOException {
    Files.createFile(directory());

    ProxySender sender = sender(true);

    assertThat(send(sender, "a").spooled()).isFalse();
    assertThat(sender.close(AWHILE)).isEqualTo(Summaries.of(1, 0, 0, 0));
    assertThat(stored()).containsExactly("a");
  }

  /** None of them can be made, whoever asks: a root user may write where files are read-only. */
  private Stream<Path> placesThatRefuse() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    return Stream.of(
            file, file.resolve("spool"), file.resolve("some/spool"), Path.of(PROC, "spool"))
        .filter(path -> !path.startsWith(PROC) || Files.isDirectory(Path.of(PROC)));
  }

  @Test
  void directoryCannotBeWritten_isNamedAndMessagesGoWithoutIt() throws IOException {
    for (Path place : placesThatRefuse().toList()) {
      SpoolSettings settings = SpoolSettings.builder(place).writeAhead(true).build();
      assertThatExceptionOfType(SpoolException.class)
          .isThrownBy(() -> Spool.open(settings, "InLong"))
          .withMessageStartingWith("the spool " + place + " cannot be used: ")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(SpoolException.Kind.UNUSABLE));
      try (LogCapture log = LogCapture.of("io.github.httpreport.internal.spool.RecoveringSpool")) {
        ProxySender sender =
            HttpProxySender.builder().manager(cluster.managerUrl()).spool(settings).build();
        senders.add(sender);

        assertThat(send(sender, "to " + place).spooled()).isFalse();
        assertThat(sender.close(AWHILE)).isEqualTo(Summaries.of(1, 0, 0, 0));
        assertThat(stored()).contains("to " + place);
        assertThat(log.lines())
            .filteredOn(line -> line.startsWith("ERROR"))
            .singleElement(as(STRING))
            .contains("The spool " + place + " cannot be used");
      }
    }
  }

  @Test
  void directoryCannotBeWrittenAndNodesDown_failsAsWithoutASpool() throws IOException {
    cluster.nodes().forEach(LocalNode::stop);
    Files.createFile(directory());
    ProxySender sender = sender(true);

    assertThatExceptionOfType(NoNodeAvailableException.class).isThrownBy(() -> send(sender, "a"));
    assertThat(sender.close(AWHILE)).isEqualTo(Summaries.of(0, 1, 0, 0));
  }

  @Test
  void directoryTurnsUnwritable_messagesGoWithoutItAndNothingOfItIsLost() throws IOException {
    cluster.nodes().forEach(node -> node.always(Fault.queueFull()));
    ProxySender sender = sender(true);
    for (int i = 0; i < 5; i++) {
      assertThat(send(sender, "before" + i).spooled()).isTrue();
    }
    MvSpoolTest.delete(directory());
    Files.createFile(directory());
    assertThatExceptionOfType(SendException.class).isThrownBy(() -> send(sender, "nowhere"));
    cluster.nodes().forEach(LocalNode::clearFaults);

    assertThat(send(sender, "meanwhile").spooled()).isFalse();
    Files.delete(directory());

    await().atMost(AWHILE).until(() -> send(sender, "after").spooled());
    await().atMost(AWHILE).until(() -> stored().size() >= 7);
    assertThat(stored()).contains("before0", "before4", "meanwhile", "after");
    assertThat(sender.close(AWHILE).failed()).isEqualTo(1);
  }

  @Test
  void directoryCannotBeMadeAtFirst_isUsedOnceItCan() throws IOException {
    Files.createFile(directory());
    ProxySender sender = sender(true);
    assertThat(send(sender, "a").spooled()).isFalse();

    Files.delete(directory());

    await().atMost(AWHILE).until(() -> send(sender, "b").spooled());
  }

  @Test
  void directoryRemoved_nothingIsLostAndAnotherOneIsMade() throws IOException {
    cluster.nodes().forEach(node -> node.always(Fault.queueFull()));
    ProxySender sender = sender(true);
    for (int i = 0; i < 5; i++) {
      assertThat(send(sender, "before" + i).spooled()).isTrue();
    }
    MvSpoolTest.delete(directory());
    for (int i = 0; i < 5; i++) {
      assertThat(send(sender, "after" + i).spooled()).isTrue();
    }
    assertThat(sender.close(Duration.ZERO)).isEqualTo(Summaries.of(0, 0, 10, 0));
    assertThat(directory().resolve("spool.mv")).exists();

    cluster.nodes().forEach(LocalNode::clearFaults);
    sender(true);

    await().atMost(AWHILE).until(() -> stored().size() == 10);
  }

  @Test
  void storeOverwrittenWithGarbage_isSetAsideAndMessagesGoOn() throws IOException {
    leaveInSpool(20);
    Files.write(directory().resolve("spool.mv"), new byte[100_000]);

    ProxySender sender = sender(true);

    assertThat(send(sender, "a").spooled()).isTrue();
    await().atMost(AWHILE).until(() -> stored().contains("a"));
    assertThat(directory().resolve("spool-damaged-1.mv")).hasSize(100_000);
  }

  @Test
  void storeTruncated_whatIsLeftArrivesAndMessagesGoOn() throws IOException {
    leaveInSpool(20);
    Path store = directory().resolve("spool.mv");
    try (RandomAccessFile file = new RandomAccessFile(store.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }

    ProxySender sender = sender(true);

    assertThat(send(sender, "a").spooled()).isTrue();
    assertThat(sender.close(AWHILE).sent()).isEqualTo(1);
    assertThat(stored()).contains("a");
  }

  @Test
  void storeDamagedWhileInUse_theOtherEntriesArrive() throws IOException {
    leaveInSpool(20);
    Path store = directory().resolve("spool.mv");
    byte[] bytes = Files.readAllBytes(store);
    int at = indexOf(bytes, "left7&");
    assertThat(at).isPositive();
    while (at > 0) {
      bytes[at] = 'X';
      at = indexOf(bytes, "left7&");
    }
    Files.write(store, bytes);

    ProxySender sender = sender(false);

    await().atMost(AWHILE).until(() -> stored().size() == 19);
    assertThat(stored()).doesNotContain("left7", "Xeft7");
    assertThat(sender.close(AWHILE).total()).isZero();
    assertThat(directory().resolve("spool-damaged-1.mv")).exists();
  }

  private static int indexOf(byte[] bytes, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i <= bytes.length - wanted.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void spill_allNodesDownAndMuchOffered_everythingIsOnDiskAndArrives() {
    cluster.nodes().forEach(LocalNode::stop);
    ProxySender sender =
        HttpProxySender.builder()
            .manager(cluster.managerUrl())
            .buffer(1 << 20, WhenFull.spill())
            .spool(SpoolSettings.in(directory()))
            .build();
    senders.add(sender);
    String filler = "x".repeat(1_000);
    List<CompletableFuture<SendResult>> futures = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      futures.add(sender.enqueue(filler + i, "group", "stream"));
    }
    await()
        .atMost(AWHILE)
        .until(() -> futures.stream().filter(CompletableFuture::isDone).count() > 8_000);
    cluster.nodes().forEach(LocalNode::start);

    CloseSummary summary = sender.close(Duration.ofSeconds(60));

    assertThat(summary.failed() + summary.abandoned()).isZero();
    assertThat(summary.total()).isEqualTo(10_000);
    assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
    sender(false).close(Duration.ofSeconds(60));
    assertThat(stored()).hasSize(10_000);
  }
}
