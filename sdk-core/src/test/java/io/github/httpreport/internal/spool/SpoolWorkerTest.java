package io.github.httpreport.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.Batching;
import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.Engine;
import io.github.httpreport.internal.SenderSettings;
import io.github.httpreport.internal.delivery.DeliveryRig;
import io.github.httpreport.internal.delivery.FakeProtocol;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.spool.store.FailingDisk;
import io.github.httpreport.internal.spool.store.FlawedSpool;
import io.github.httpreport.internal.spool.store.Spool;
import io.github.httpreport.internal.spool.store.SpoolWrapper;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.internal.transport.FakeTransport;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.spool.SpoolException;
import io.github.httpreport.spool.SpoolSettings;
import io.github.httpreport.testsupport.LogCapture;
import io.github.httpreport.testsupport.Summaries;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of messages that have a disk to go to. */
@Timeout(60)
class SpoolWorkerTest {

  private static final Duration AWHILE = Duration.ofSeconds(20);
  private static final Duration MOMENT = Duration.ofMillis(300);
  private static final RetryPolicy TWO_ATTEMPTS =
      RetryPolicy.builder()
          .maxAttempts(2)
          .backoff(Duration.ofMillis(1), Duration.ofMillis(50))
          .build();

  @TempDir private Path temp;

  private final List<Engine> engines = new ArrayList<>();
  private final CountedEvents events = new CountedEvents();
  private SpoolSettings.Builder spool;
  private RecoveringSpool.Opener opener = Spool::open;
  private WhenFull whenFull = WhenFull.fail();
  private long bufferBytes = 1 << 20;
  private FakeTransport transport;

  @BeforeEach
  void settings() {
    spool = SpoolSettings.builder(temp.resolve("spool"));
  }

  @AfterEach
  void close() {
    engines.forEach(engine -> engine.close(Duration.ZERO));
  }

  private Engine engine() {
    return engine(CannedResponses.ok());
  }

  /** An engine whose nodes answer like this from the start. */
  private Engine engine(CompletableFuture<Response> response) {
    SenderSettings settings =
        new SenderSettings(
            "test",
            new FakeProtocol(),
            NodeSource.fixed(List.of(Lists.node(0), Lists.node(1))),
            NodeSelector.roundRobin(),
            TWO_ATTEMPTS,
            Batching.builder().linger(Duration.ofMillis(1)).build(),
            bufferBytes,
            whenFull,
            AWHILE,
            AWHILE,
            64,
            null,
            null,
            null,
            spool.build(),
            events,
            null);
    Engine engine =
        new Engine(
            settings,
            (any, scheduler, callbacks) -> {
              transport = new FakeTransport(scheduler);
              transport.always(request -> response);
              transport.onProbe(request -> response);
              return transport;
            },
            opener);
    engines.add(engine);
    return engine;
  }

  private void nodesRespond(CompletableFuture<Response> response) {
    transport.always(request -> response);
    transport.onProbe(request -> response);
  }

  private static CompletableFuture<SendResult> sendAsync(Engine engine, String... bodies) {
    return engine.sendAsync(List.of(bodies), "group", "stream", null);
  }

  private Set<String> arrived() {
    Set<String> bodies = new HashSet<>();
    transport.reports().forEach(call -> bodies.addAll(call.messages()));
    return bodies;
  }

  /** How many messages a closed spool holds. */
  private long onDisk() {
    try (Spool left = Spool.open(spool.build(), new FakeProtocol().payloadFormat())) {
      return left.messages();
    }
  }

  @Test
  void sendAsync_nodesDown_isSpooledAndDeliveredWhenTheyAreBack() {
    Engine engine = engine(CannedResponses.refused());

    SendResult result = DeliveryRig.resultOf(sendAsync(engine, "a", "b"));
    nodesRespond(CannedResponses.ok());

    assertThat(result.spooled()).isTrue();
    assertThat(result.messageCount()).isEqualTo(2);
    assertThat(result.attempts()).isNotEmpty();
    assertThat(result.possibleDuplicate()).isFalse();
    await().atMost(AWHILE).until(() -> events.inSpool.get() == 0 && events.sent.get() == 2);
    assertThat(engine.close(AWHILE)).isEqualTo(Summaries.of(2, 0, 0, 0));
    assertThat(events.spooled).hasValue(2);
    assertThat(events.failed).hasValue(0);
    assertThat(onDisk()).isZero();
  }

  @Test
  void close_nodesStillDown_leavesTheMessagesForTheNextSender() {
    Engine engine = engine(CannedResponses.refused());
    DeliveryRig.resultOf(sendAsync(engine, "a"));

    assertThat(engine.close(AWHILE)).isEqualTo(Summaries.of(0, 0, 1, 0));
    Engine next = engine();

    await().atMost(AWHILE).until(() -> arrived().contains("a"));
    // What an earlier sender accepted is not counted by this one.
    assertThat(next.close(AWHILE)).isEqualTo(Summaries.of(0, 0, 0, 0));
    assertThat(onDisk()).isZero();
  }

  @Test
  void close_requestsWithoutAnswer_putsThemOnDisk() {
    Engine engine = engine(CannedResponses.pending());
    List<CompletableFuture<SendResult>> futures =
        List.of(sendAsync(engine, "a", "b"), engine.enqueue("c", "group", "stream", null));

    CloseSummary summary = engine.close(MOMENT);

    assertThat(summary).isEqualTo(Summaries.of(0, 0, 3, 0));
    assertThat(futures)
        .allSatisfy(
            future -> {
              assertThat(future.join().spooled()).isTrue();
              assertThat(future.join().possibleDuplicate()).isTrue();
            });
    assertThat(onDisk()).isEqualTo(3);
  }

  @Test
  void sendAsync_rejected_failsAndIsNotSpooled() {
    Engine engine = engine(CannedResponses.code("115", "Topic not configured"));

    DeliveryRig.errorOf(sendAsync(engine, "a"), RejectedException.class);

    assertThat(engine.close(AWHILE)).isEqualTo(Summaries.of(0, 1, 0, 0));
    assertThat(onDisk()).isZero();
  }

  @Test
  void drain_rejectedNotForItsContent_staysOnDisk() {
    Engine engine = engine(CannedResponses.refused());
    DeliveryRig.resultOf(sendAsync(engine, "a", "b"));
    int before = transport.reports().size();
    nodesRespond(CannedResponses.code("115", "Topic not configured"));
    await().atMost(AWHILE).until(() -> transport.reports().size() > before);

    assertThat(engine.close(AWHILE)).isEqualTo(Summaries.of(0, 0, 2, 0));
    assertThat(events.failed).hasValue(0);
    assertThat(onDisk()).isEqualTo(2);
  }

  @Test
  void close_rightAfterAnOutage_triesTheSpoolOnce() {
    Engine engine = engine(CannedResponses.refused());
    transport.onProbe(request -> CannedResponses.pending());
    DeliveryRig.resultOf(sendAsync(engine, "a"));
    await().atMost(AWHILE).until(() -> transport.reports().size() >= 6);
    transport.always(request -> CannedResponses.ok());

    assertThat(engine.close(AWHILE)).isEqualTo(Summaries.of(1, 0, 0, 0));
  }

  @Test
  void close_interruptedThread_putsEverythingOnDiskAndKeepsTheInterrupt() {
    Engine engine = engine(CannedResponses.pending());
    for (int i = 0; i < 2_000; i++) {
      engine.enqueue("m" + i, "group", "stream", null);
    }

    Thread.currentThread().interrupt();
    CloseSummary summary = engine.close(AWHILE);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(summary).isEqualTo(Summaries.of(0, 0, 2_000, 0));
    assertThat(onDisk()).isEqualTo(2_000);
  }

  @Test
  void close_diskIsSlow_goesOnWhileThereIsTime() {
    opener = (settings, protocol) -> new SlowSpool(Spool.open(settings, protocol));
    bufferBytes = 32 << 20;
    Engine engine = engine(CannedResponses.pending());
    String large = "x".repeat(350_000);
    for (int i = 0; i < 36; i++) {
      CompletableFuture<SendResult> unused = sendAsync(engine, large);
    }

    assertThat(engine.close(Duration.ofSeconds(8))).isEqualTo(Summaries.of(0, 0, 36, 0));

    assertThat(onDisk()).isEqualTo(36);
  }

  @Test
  void close_commitEndsTooLate_whatWasAbandonedIsNotOnDisk() {
    List<HeldSpool> held = new CopyOnWriteArrayList<>();
    opener =
        (settings, protocol) -> {
          held.add(new HeldSpool(settings, protocol));
          return held.get(0);
        };
    spool.writeAhead(true);
    Engine engine = engine(CannedResponses.pending());
    CompletableFuture<SendResult> unused = sendAsync(engine, "a", "b");
    await().atMost(AWHILE).until(() -> held.get(0).commits() == 1);
    assertThat(engine.close(MOMENT)).isEqualTo(Summaries.of(0, 0, 0, 2));

    held.get(0).release();

    await().atMost(AWHILE).until(() -> spoolThreads().isEmpty());
    assertThat(onDisk()).isZero();
  }

  @Test
  void writeAhead_nodesSilent_futuresCompleteFromTheDisk() {
    spool.writeAhead(true);
    Engine engine = engine(CannedResponses.pending());
    List<CompletableFuture<SendResult>> futures =
        IntStream.range(0, 100)
            .mapToObj(i -> engine.enqueue("m" + i, "group", "stream", null))
            .toList();

    futures.forEach(future -> assertThat(DeliveryRig.resultOf(future).spooled()).isTrue());
    assertThat(engine.flush()).succeedsWithin(AWHILE);

    assertThat(engine.close(MOMENT)).isEqualTo(Summaries.of(0, 0, 100, 0));
    assertThat(onDisk()).isEqualTo(100);
  }

  @Test
  void writeAhead_nodesWell_closeDeliversEverything() {
    spool.writeAhead(true);
    Engine engine = engine();
    for (int i = 0; i < 1_000; i++) {
      engine.enqueue("m" + i, "group", "stream", null);
    }

    assertThat(engine.close(AWHILE)).isEqualTo(Summaries.of(1_000, 0, 0, 0));
    assertThat(arrived()).hasSize(1_000);
    assertThat(onDisk()).isZero();
  }

  @Test
  void writeAhead_beforeTheAcknowledgement_theEntryStaysOnDisk() {
    spool.writeAhead(true);
    Engine engine = engine(CannedResponses.pending());
    DeliveryRig.resultOf(sendAsync(engine, "a"));

    await().atMost(AWHILE).until(() -> !transport.reports().isEmpty());

    assertThat(events.inSpool).hasValue(1);
    assertThat(engine.close(Duration.ZERO).spooled()).isEqualTo(1);
  }

  @Test
  void writeAhead_diskTakesItsTime_noFutureCompletesBeforeTheCommitAndNoCallerWaits() {
    List<HeldSpool> held = new CopyOnWriteArrayList<>();
    opener =
        (settings, protocol) -> {
          held.add(new HeldSpool(settings, protocol));
          return held.get(0);
        };
    spool.writeAhead(true);
    Engine engine = engine();
    List<CompletableFuture<SendResult>> futures = new ArrayList<>();
    futures.add(sendAsync(engine, "first"));
    await().atMost(AWHILE).until(() -> held.get(0).commits() == 1);
    for (int i = 0; i < 100; i++) {
      futures.add(sendAsync(engine, "m" + i));
    }

    assertThat(futures).noneMatch(CompletableFuture::isDone);
    assertThat(events.spooled).hasValue(0);
    assertThat(transport.reports()).isEmpty();
    held.get(0).release();

    futures.forEach(future -> assertThat(DeliveryRig.resultOf(future).spooled()).isTrue());
    assertThat(engine.close(AWHILE)).isEqualTo(Summaries.of(101, 0, 0, 0));
  }

  @Test
  void close_diskHangs_returnsInTimeAndNumbersAddUp() {
    List<HeldSpool> held = new CopyOnWriteArrayList<>();
    opener =
        (settings, protocol) -> {
          held.add(new HeldSpool(settings, protocol));
          return held.get(0);
        };
    spool.writeAhead(true);
    Engine engine = engine();
    CompletableFuture<SendResult> first = sendAsync(engine, "a");
    await().atMost(AWHILE).until(() -> held.get(0).commits() == 1);
    CompletableFuture<SendResult> second = sendAsync(engine, "b", "c");

    assertThat(engine.close(MOMENT)).isEqualTo(Summaries.of(0, 0, 0, 3));

    assertThat(List.of(first, second)).allMatch(CompletableFuture::isCompletedExceptionally);
    held.get(0).release();
  }

  @Test
  void writeAhead_spoolFull_failsAsBufferFull() {
    spool.writeAhead(true).maxBytes(1 << 20);
    bufferBytes = 8 << 20;
    Engine engine = engine(CannedResponses.pending());
    String large = "x".repeat(400_000);
    DeliveryRig.resultOf(sendAsync(engine, large));
    DeliveryRig.resultOf(sendAsync(engine, large));

    BufferFullException error =
        DeliveryRig.errorOf(sendAsync(engine, large), BufferFullException.class);

    assertThat(error).hasMessageContaining("spool is full").hasMessageContaining("1048576");
    assertThat(error.retryable()).isTrue();
    assertThat(engine.close(MOMENT)).isEqualTo(Summaries.of(0, 1, 2, 0));
  }

  @Test
  void sendAsync_nodesDownAndSpoolFull_failsOfTheNodes() {
    spool.maxBytes(1 << 20);
    bufferBytes = 8 << 20;
    Engine engine = engine(CannedResponses.refused());
    String large = "x".repeat(400_000);
    DeliveryRig.resultOf(sendAsync(engine, large));
    DeliveryRig.resultOf(sendAsync(engine, large));

    DeliveryRig.errorOf(sendAsync(engine, large), NoNodeAvailableException.class);

    assertThat(engine.close(MOMENT)).isEqualTo(Summaries.of(0, 1, 2, 0));
  }

  @Test
  void spill_bufferFull_goesToDiskAndArrivesLater() {
    whenFull = WhenFull.spill();
    // Each message has a time of its own, and so opens a batch, which counts as well.
    bufferBytes = 10_000;
    Engine engine = engine(CannedResponses.pending());
    List<CompletableFuture<SendResult>> inMemory = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      inMemory.add(
          engine.enqueue("x".repeat(1_000) + i, "group", "stream", Instant.ofEpochMilli(i)));
    }
    List<CompletableFuture<SendResult>> spilled = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      spilled.add(
          engine.enqueue("y".repeat(1_000) + i, "group", "stream", Instant.ofEpochMilli(i)));
    }
    CompletableFuture<SendResult> batch = sendAsync(engine, "z".repeat(2_000));

    spilled.forEach(future -> assertThat(DeliveryRig.resultOf(future).spooled()).isTrue());
    assertThat(DeliveryRig.resultOf(batch).spooled()).isTrue();
    assertThat(inMemory).noneMatch(CompletableFuture::isDone);
    CloseSummary summary = engine.close(MOMENT);
    assertThat(summary).isEqualTo(Summaries.of(0, 0, 24, 0));

    engine();
    await().atMost(AWHILE).until(() -> arrived().size() == 24);
  }

  @Test
  void spill_messageLargerThanTheBuffer_isRefused() {
    whenFull = WhenFull.spill();
    bufferBytes = 4_096;

    DeliveryRig.errorOf(sendAsync(engine(), "y".repeat(5_000)), MessageTooLargeException.class);
  }

  @Test
  void drain_manyEntries_beginsWithTheOldest() {
    Engine first = engine(CannedResponses.refused());
    List<String> bodies = IntStream.range(0, 20).mapToObj(i -> "m" + i).toList();
    bodies.forEach(body -> DeliveryRig.resultOf(sendAsync(first, body)));
    first.close(Duration.ZERO);

    engine();

    await().atMost(AWHILE).until(() -> transport.reports().size() == 20);
    assertThat(transport.reports())
        .flatExtracting(FakeTransport.Call::messages)
        .containsExactlyElementsOf(bodies);
  }

  @Test
  void drain_noEventThatNodesAreHealthy_triesAgainByItself() {
    Engine engine = engine(CannedResponses.refused());
    transport.onProbe(request -> CannedResponses.pending());
    DeliveryRig.resultOf(sendAsync(engine, "a"));
    await().atMost(AWHILE).until(() -> transport.reports().size() >= 4);

    transport.always(request -> CannedResponses.ok());

    await().atMost(AWHILE).until(() -> events.sent.get() == 1);
  }

  private FlawedSpool flawedSpool() {
    List<FlawedSpool> flawed = new CopyOnWriteArrayList<>();
    opener =
        (settings, protocol) -> {
          flawed.add(new FlawedSpool(Spool.open(settings, protocol)));
          return flawed.get(0);
        };
    spool.writeAhead(true);
    engine(CannedResponses.pending());
    return flawed.get(0);
  }

  @Test
  void writeAhead_commitThatFailedIsThereNevertheless_nothingIsThereTwice() {
    FlawedSpool flawed = flawedSpool();
    flawed.doubtNextCommit();

    assertThat(DeliveryRig.resultOf(sendAsync(engines.get(0), "a")).spooled()).isTrue();

    assertThat(engines.get(0).close(Duration.ZERO)).isEqualTo(Summaries.of(0, 0, 1, 0));
    assertThat(onDisk()).isEqualTo(1);
  }

  @Test
  void drain_entryIsLost_isCountedAndReported() {
    FlawedSpool flawed = flawedSpool();
    flawed.loseOldest();

    DeliveryRig.resultOf(sendAsync(engines.get(0), "a", "b"));

    await().atMost(AWHILE).until(() -> events.lost.get() == 2);
    assertThat(engines.get(0).close(Duration.ZERO)).isEqualTo(Summaries.of(0, 2, 0, 0));
  }

  @Test
  void drain_tooOld_isDroppedCountedAndReported() {
    Engine first = engine(CannedResponses.refused());
    DeliveryRig.resultOf(sendAsync(first, "a", "b"));
    first.close(Duration.ZERO);
    spool.maxAge(Duration.ofNanos(1));

    Engine engine = engine(CannedResponses.pending());

    await().atMost(AWHILE).until(() -> events.expired.get() == 2);
    assertThat(events.failed).hasValue(2);
    assertThat(engine.close(AWHILE).total()).isZero();
    assertThat(onDisk()).isZero();
  }

  @Test
  void build_spoolInUse_isRefused() {
    engine();

    assertThatExceptionOfType(SpoolException.class)
        .isThrownBy(this::engine)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(SpoolException.Kind.IN_USE));
  }

  @Test
  void writeAhead_diskFullForAWhile_deliversWithoutItAndUsesItAgain() {
    FailingDisk.register();
    opener = FailingDisk::open;
    spool.writeAhead(true);
    try (LogCapture log = LogCapture.of(RecoveringSpool.class)) {
      Engine engine = engine();
      assertThat(DeliveryRig.resultOf(sendAsync(engine, "a")).spooled()).isTrue();
      await().atMost(AWHILE).until(() -> events.inSpool.get() == 0);

      FailingDisk.full(true);
      for (String body : List.of("b", "c", "d")) {
        assertThat(DeliveryRig.resultOf(sendAsync(engine, body)).spooled()).isFalse();
      }
      assertThat(events.broken).containsExactly(true);
      FailingDisk.full(false);
      await().atMost(AWHILE).until(() -> DeliveryRig.resultOf(sendAsync(engine, "e")).spooled());

      // The future may complete a moment before the disk is told to be well.
      await().atMost(AWHILE).until(() -> events.broken.size() == 2);
      assertThat(events.broken).containsExactly(true, false);
      assertThat(log.lines()).filteredOn(line -> line.startsWith("ERROR")).hasSize(1);
      assertThat(engine.close(AWHILE).failed()).isZero();
    }
    assertThat(arrived()).contains("a", "b", "c", "d", "e");
    assertThat(onDisk()).isZero();
  }

  /** Every commit fails, so entries leave such a disk only if they are delivered before it. */
  @Test
  void drain_diskFullAndCommitDue_deliversBeforeTheCommit() {
    FullDisk[] disk = new FullDisk[1];
    opener = (settings, protocol) -> disk[0] = new FullDisk(Spool.open(settings, protocol));
    Engine engine = engine(CannedResponses.refused());
    assertThat(DeliveryRig.resultOf(sendAsync(engine, "stored")).spooled()).isTrue();

    disk[0].full = true;
    // Fails, and leaves an entry that may be on disk, whose removal makes a commit due.
    assertThat(sendAsync(engine, "lost")).failsWithin(AWHILE);
    assertThat(events.broken).containsExactly(true);
    nodesRespond(CannedResponses.ok());

    await().atMost(AWHILE).until(() -> events.sent.get() == 1);
    assertThat(events.broken).as("no commit worked meanwhile").containsExactly(true);
  }

  private static final class FullDisk extends SpoolWrapper {
    private volatile boolean full;

    FullDisk(Spool real) {
      super(real);
    }

    @Override
    public void commit() {
      if (full) {
        throw new SpoolException(SpoolException.Kind.UNUSABLE, "No space left on device", null);
      }
      super.commit();
    }
  }

  @Test
  void close_diskDies_numbersAddUpAndFuturesEnd() {
    FailingDisk.register();
    opener = FailingDisk::open;
    Engine engine = engine(CannedResponses.pending());
    CompletableFuture<SendResult> future = sendAsync(engine, "a", "b");
    FailingDisk.full(true);

    assertThat(engine.close(MOMENT)).isEqualTo(Summaries.of(0, 0, 0, 2));

    assertThat(future).isCompletedExceptionally();
  }

  @Test
  void threads_ofTheSpool_areNamedAndEnd() {
    spool.writeAhead(true);
    Engine engine = engine();
    DeliveryRig.resultOf(sendAsync(engine, "a"));

    assertThat(spoolThreads()).hasSize(1).allMatch(Thread::isDaemon);
    engine.close(AWHILE);

    assertThat(spoolThreads()).isEmpty();
  }

  private static List<Thread> spoolThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("test-spool"))
        .toList();
  }

  /** A spool each commit of which takes its time. */
  private static final class SlowSpool extends SpoolWrapper {
    SlowSpool(Spool real) {
      super(real);
    }

    @Override
    public void commit() {
      LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
      super.commit();
    }
  }

  /** Counts what it is told. */
  private static final class CountedEvents implements SenderMetrics {
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong spooled = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();
    private final AtomicLong inSpool = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final List<Boolean> broken = new CopyOnWriteArrayList<>();

    @Override
    public void sent(Destination destination, int messages, Duration elapsed) {
      sent.addAndGet(messages);
    }

    @Override
    public void failed(Destination destination, int messages, RuntimeException cause) {
      failed.addAndGet(messages);
    }

    @Override
    public void spooled(Destination destination, int messages) {
      spooled.addAndGet(messages);
    }

    @Override
    public void spoolExpired(Destination destination, int messages) {
      expired.addAndGet(messages);
    }

    @Override
    public void spoolUsed(long messages, long usedBytes, long maxBytes) {
      inSpool.set(messages);
    }

    @Override
    public void spoolLost(long messages) {
      lost.addAndGet(messages);
    }

    @Override
    public void spoolBroken(boolean value) {
      broken.add(value);
    }
  }
}
