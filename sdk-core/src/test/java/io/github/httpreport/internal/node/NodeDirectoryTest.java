package io.github.httpreport.internal.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.httpreport.SenderMetrics;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.delivery.FakeProtocol;
import io.github.httpreport.internal.node.FakeNodeSource.Fetch;
import io.github.httpreport.internal.transport.FakeTransport;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import io.github.httpreport.testsupport.Concurrently;
import io.github.httpreport.testsupport.LogCapture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeDirectoryTest {

  private static final Duration TICK = Duration.ofNanos(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualScheduler scheduler = new ManualScheduler();
  private final FakeTransport transport = new FakeTransport(scheduler);
  private final FakeNodeSource source = new FakeNodeSource();
  private double random = 0.5;
  @TempDir private Path snapshots;

  private NodeDirectory directory() {
    return directory(source, null);
  }

  private NodeDirectory directory(NodeSource nodes, @Nullable Path directory) {
    NodeTable table =
        new NodeTable(
            NodeSelector.roundRobin(),
            new NodeProbe(new FakeProtocol(), transport),
            scheduler,
            SenderMetrics.NONE,
            () -> random);
    return new NodeDirectory(
        nodes, transport, table, new Snapshots(directory, Runnable::run), scheduler, () -> random);
  }

  /** A directory that knows the nodes of "g" and has just been told so. */
  private NodeDirectory filled(NodeList list) {
    NodeDirectory directory = directory();
    directory.nodes("g");
    source.last().list(list);
    return directory;
  }

  private static NodeList listOf(CompletableFuture<GroupNodes> nodes) {
    assertThat(nodes).isCompleted();
    return nodes.join().source();
  }

  private static Throwable errorOf(CompletableFuture<GroupNodes> nodes) {
    assertThat(nodes).isCompletedExceptionally();
    return nodes.handle((group, error) -> error).join();
  }

  @Test
  void nodes_manyAskAtOnce_oneFetchAnswersAll() throws Exception {
    NodeDirectory directory = directory();

    List<CompletableFuture<GroupNodes>> asked =
        Concurrently.call(8, 125, () -> directory.nodes("g"));
    assertThat(source.fetches()).extracting(Fetch::groupId).containsExactly("g");
    assertThat(asked).noneMatch(CompletableFuture::isDone);
    source.last().list(Lists.upTo(2));

    assertThat(asked)
        .hasSize(1_000)
        .allSatisfy(nodes -> assertThat(listOf(nodes)).isEqualTo(Lists.upTo(2)));
    assertThat(directory.nodes("g").join()).isSameAs(asked.get(0).join());
    assertThat(source.count()).isEqualTo(1);
  }

  @Test
  void nodes_firstFetchFails_everyWaitEnds() {
    NodeDirectory directory = directory();
    CompletableFuture<GroupNodes> one = directory.nodes("g");
    CompletableFuture<GroupNodes> other = directory.nodes("g");

    source.last().fail(Kind.UNAVAILABLE);

    assertThat(errorOf(one)).hasMessage("manager says UNAVAILABLE for g");
    assertThat(errorOf(other)).isSameAs(errorOf(one));
    assertThat(directory.known("g")).isNull();
  }

  /**
   * A delivery uses the list in the moment between its arrival and the failure to plan the next.
   */
  @Test
  void nodes_intervalThrowsWhileTheListIsInUse_theFetchEnds() {
    AtomicReference<@Nullable NodeDirectory> made = new AtomicReference<>();
    NodeSource hostile =
        new NodeSource() {
          private boolean isInUse;

          @Override
          public CompletionStage<NodeList> fetch(String groupId, Exchange exchange) {
            return CompletableFuture.completedFuture(Lists.upTo(2));
          }

          @Override
          public Optional<Duration> refreshInterval() {
            if (!isInUse) {
              isInUse = true;
              assertThat(catchThrowable(() -> requireNonNull(made.get()).nodes("g")))
                  .isInstanceOf(OutOfMemoryError.class);
            }
            throw new OutOfMemoryError("of another thread");
          }
        };
    NodeDirectory directory = directory(hostile, null);
    made.set(directory);

    assertThat(listOf(directory.nodes("g"))).isEqualTo(Lists.upTo(2));
  }

  @Test
  void nodes_afterAFailure_areAskedForAgainAfterASecond() {
    NodeDirectory directory = directory();
    directory.nodes("g");
    scheduler.advance(Duration.ofSeconds(7));
    source.last().fail(Kind.REFUSED);

    scheduler.advance(SECOND.minus(TICK));
    assertThat(errorOf(directory.nodes("g"))).hasMessage("manager says REFUSED for g");
    assertThat(source.count()).isEqualTo(1);

    scheduler.advance(TICK);
    CompletableFuture<GroupNodes> again = directory.nodes("g");
    assertThat(source.count()).isEqualTo(2);
    source.last().list(Lists.upTo(1));
    assertThat(listOf(again)).isEqualTo(Lists.upTo(1));
  }

  @Test
  void nodes_failedAndNobodyAsksAgain_isNotPolled() {
    directory().nodes("g");
    source.last().fail(Kind.UNAVAILABLE);

    scheduler.advance(Duration.ofHours(1));

    assertThat(source.count()).isEqualTo(1);
  }

  @Test
  void nodes_emptyList_isAFailureThatNamesTheGroup() {
    NodeDirectory directory = directory();
    CompletableFuture<GroupNodes> nodes = directory.nodes("g");

    source.last().list(Lists.of());

    assertThat(errorOf(nodes))
        .hasMessage("the node source lists no node for group g")
        .isInstanceOfSatisfying(
            NodeSourceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
  }

  @Test
  void nodes_sourceSaysNull_isAFailureAndNotAHang() {
    NodeDirectory directory = directory();
    CompletableFuture<GroupNodes> nodes = directory.nodes("g");

    source.last().response().complete(null);

    assertThat(errorOf(nodes)).isNotNull();
  }

  @Test
  void nodes_sourceThrows_isAFailureAndNotAHang() {
    NodeDirectory directory =
        directory(
            (groupId, exchange) -> {
              throw new IllegalStateException("no such group " + groupId);
            },
            null);

    assertThat(errorOf(directory.nodes("g"))).hasMessage("no such group g");
    scheduler.advance(SECOND);
    assertThat(errorOf(directory.nodes("g"))).hasMessage("no such group g");
  }

  @Test
  void nodes_sourceNeverAnswersForOneGroup_othersAreServed() {
    NodeDirectory directory = directory();
    CompletableFuture<GroupNodes> never = directory.nodes("g");
    CompletableFuture<GroupNodes> other = directory.nodes("h");

    source.last().list(Lists.upTo(3));

    assertThat(listOf(other)).isEqualTo(Lists.upTo(3));
    assertThat(never).isNotDone();
  }

  @Test
  void nodes_manyGroupsAtOnce_areAskedForAFewAtATimeInTheirOrder() {
    NodeDirectory directory = directory();
    List<CompletableFuture<GroupNodes>> nodes =
        IntStream.range(0, 100).mapToObj(i -> directory.nodes("g" + i)).toList();

    for (int responded = 0; responded < 100; responded++) {
      assertThat(source.count()).isEqualTo(Math.min(100, responded + 16));
      source.fetches().get(responded).list(Lists.upTo(1));
    }

    assertThat(nodes).allSatisfy(n -> assertThat(n).isCompleted());
    assertThat(source.fetches())
        .extracting(Fetch::groupId)
        .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> "g" + i).toList());
  }

  @Test
  void nodes_tenThousandGroupsOfASourceThatAnswersAtOnce_needNoStack() {
    FakeNodeSource first = source;
    NodeSource atOnce =
        (groupId, exchange) ->
            groupId.startsWith("held")
                ? first.fetch(groupId, exchange)
                : CompletableFuture.completedFuture(Lists.upTo(1));
    NodeDirectory directory = directory(atOnce, null);
    for (int i = 0; i < 16; i++) {
      directory.nodes("held" + i);
    }
    List<CompletableFuture<GroupNodes>> nodes =
        IntStream.range(0, 10_000).mapToObj(i -> directory.nodes("g" + i)).toList();
    assertThat(nodes).noneMatch(CompletableFuture::isDone);

    source.last().list(Lists.upTo(1));

    assertThat(nodes).allMatch(CompletableFuture::isDone);
  }

  @Test
  void nodes_refreshesAreWaiting_aFirstListGoesBeforeThem() {
    NodeDirectory directory = directory();
    for (int i = 0; i < 40; i++) {
      directory.nodes("g" + i);
      source.last().list(Lists.upTo(1));
    }
    scheduler.advance(MINUTE);
    assertThat(source.count()).as("refreshes under way").isEqualTo(40 + 16);

    directory.nodes("first");
    source.last().list(Lists.upTo(1));

    assertThat(source.last().groupId()).isEqualTo("first");
  }

  @Test
  void nodes_sourceNeverAnswersForSixteenGroups_othersAreServedInTheEnd() {
    NodeDirectory directory = directory();
    List<CompletableFuture<GroupNodes>> never =
        IntStream.range(0, 16).mapToObj(i -> directory.nodes("never" + i)).toList();
    CompletableFuture<GroupNodes> other = directory.nodes("other");

    scheduler.advance(MINUTE.multipliedBy(2));
    source.last().list(Lists.upTo(1));

    assertThat(other).isCompleted();
    assertThat(errorOf(never.get(0))).hasMessage("the node source gave no answer within PT2M");
  }

  @Test
  void nodes_groupNotUsedForTwentyMinutes_isDroppedWithItsNodes() {
    NodeDirectory directory = filled(Lists.upTo(2));
    NodeState before = directory.known("g").all().get(0);
    directory.nodes("typo");
    source.last().fail(Kind.REFUSED);

    useFor(directory, "busy", 20);

    assertThat(directory.known("g")).isNull();
    assertThat(directory.known("busy")).isNotNull();
    assertThat(directory.size()).isEqualTo(1);
    assertThat(before.isListed()).as("listed by the group in use").isTrue();
    directory.nodes("g");
    assertThat(source.last().groupId()).isEqualTo("g");
  }

  @Test
  void nodes_groupUsedNowAndThen_isKept() {
    NodeDirectory directory = filled(Lists.upTo(2));

    for (int i = 0; i < 12; i++) {
      useFor(directory, "busy", 5);
      assertThat(listOf(directory.nodes("g"))).isEqualTo(Lists.upTo(2));
    }
  }

  @Test
  void nodes_droppedGroupOfItsOwnNodes_theyAreForgotten() {
    NodeDirectory directory = directory();
    directory.nodes("g");
    source.last().list(Lists.of(7));
    NodeState before = directory.known("g").all().get(0);

    useFor(directory, "busy", 20);

    assertThat(before.isListed()).isFalse();
  }

  /** Every fetch meanwhile is answered. */
  private void useFor(NodeDirectory directory, String group, int minutes) {
    for (int minute = 0; minute < minutes; minute++) {
      directory.nodes(group);
      source.fetches().forEach(fetch -> fetch.list(Lists.upTo(2)));
      scheduler.advance(MINUTE);
    }
    source.fetches().forEach(fetch -> fetch.list(Lists.upTo(2)));
  }

  @ParameterizedTest
  @CsvSource({"0, 48", "0.5, 60", "1, 72"})
  void poll_used_comesAfterAMinuteAFifthToEitherSide(double draw, int seconds) {
    random = draw;
    filled(Lists.upTo(1));

    scheduler.advance(Duration.ofSeconds(seconds).minus(TICK));
    assertThat(source.count()).isEqualTo(1);
    scheduler.advance(TICK);

    assertThat(source.count()).isEqualTo(2);
  }

  @Test
  void poll_usedAllTheTime_goesOn() {
    NodeDirectory directory = filled(Lists.upTo(1));

    for (int minute = 1; minute <= 10; minute++) {
      directory.nodes("g");
      scheduler.advance(MINUTE);
      assertThat(source.count()).isEqualTo(1 + minute);
      source.last().list(Lists.upTo(1));
    }
  }

  @Test
  void poll_notUsed_stopsUntilUsedAgain() {
    NodeDirectory directory = filled(Lists.upTo(1));
    scheduler.advance(MINUTE);
    source.last().list(Lists.upTo(1));

    scheduler.advance(Duration.ofHours(1));
    assertThat(source.count()).isEqualTo(2);
    assertThat(scheduler.pending()).isZero();

    CompletableFuture<GroupNodes> nodes = directory.nodes("g");
    assertThat(listOf(nodes)).isEqualTo(Lists.upTo(1));
    scheduler.advance(Duration.ZERO);
    assertThat(source.count()).isEqualTo(3);
  }

  @Test
  void poll_usedSoonAfterItStopped_keepsItsInterval() {
    NodeDirectory directory = filled(Lists.upTo(1));
    scheduler.advance(MINUTE);
    source.last().list(Lists.upTo(1));
    scheduler.advance(Duration.ofSeconds(10));

    directory.nodes("g");

    scheduler.advance(Duration.ofSeconds(50).minus(TICK));
    assertThat(source.count()).isEqualTo(2);
    scheduler.advance(TICK);
    assertThat(source.count()).isEqualTo(3);
  }

  @Test
  void poll_fixedNodes_neverComes() {
    NodeDirectory directory =
        directory(NodeSource.fixed(List.of(Lists.node(0), Lists.node(1))), null);

    assertThat(listOf(directory.nodes("any"))).isEqualTo(Lists.upTo(2));
    directory.nodes("any");
    directory.refreshEarly("any");

    assertThat(scheduler.pending()).isZero();
  }

  @Test
  void poll_newList_isUsedFromThen() {
    NodeDirectory directory = filled(Lists.upTo(2));
    scheduler.advance(MINUTE);

    source.last().list(Lists.withLimit(Lists.of(1, 2), 1_000));

    assertThat(listOf(directory.nodes("g")).nodes()).containsExactly(Lists.node(1), Lists.node(2));
    assertThat(directory.known("g").maxRequestBytes()).hasValue(1_000);
  }

  @Test
  void poll_sameList_keepsTheGroupAsItIs() {
    NodeDirectory directory = filled(Lists.upTo(2));
    GroupNodes before = directory.known("g");
    scheduler.advance(MINUTE);

    source.last().list(Lists.upTo(2));

    assertThat(directory.known("g")).isSameAs(before);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void poll_fails_keepsTheGoodListAndGoesOn(Kind kind) {
    NodeDirectory directory = filled(Lists.upTo(2));
    for (int minute = 0; minute < 3; minute++) {
      directory.nodes("g");
      scheduler.advance(MINUTE);
      source.last().fail(kind);
    }

    assertThat(listOf(directory.nodes("g"))).isEqualTo(Lists.upTo(2));
    assertThat(source.count()).isEqualTo(4);
  }

  @Test
  void poll_failsAgainAndAgain_isLoggedOnce() {
    NodeDirectory directory = filled(Lists.upTo(2));
    try (LogCapture log = LogCapture.of(NodeDirectory.class)) {
      for (int minute = 0; minute < 4; minute++) {
        directory.nodes("g");
        scheduler.advance(MINUTE);
        if (minute == 2) {
          source.last().list(Lists.upTo(2));
        } else {
          source.last().fail(Kind.UNAVAILABLE);
        }
      }

      String context = "DEBUG Keeping the node list of group g: manager says UNAVAILABLE for g";
      assertThat(log.lines()).containsExactly(context, context);
    }
  }

  @Test
  void poll_emptyList_keepsTheGoodOne() {
    NodeDirectory directory = filled(Lists.upTo(2));
    scheduler.advance(MINUTE);

    source.last().list(Lists.of());

    assertThat(listOf(directory.nodes("g"))).isEqualTo(Lists.upTo(2));
  }

  @Test
  void refreshEarly_longAfterTheLastFetch_asksAtOnce() {
    NodeDirectory directory = filled(Lists.upTo(2));
    scheduler.advance(Duration.ofSeconds(20));

    directory.refreshEarly("g");
    scheduler.advance(Duration.ZERO);

    assertThat(source.count()).isEqualTo(2);
  }

  @Test
  void refreshEarly_againAndAgain_asksEveryFiveSeconds() {
    NodeDirectory directory = filled(Lists.upTo(2));

    for (int tenth = 1; tenth <= 200; tenth++) {
      directory.nodes("g");
      directory.refreshEarly("g");
      scheduler.advance(Duration.ofMillis(100));
      source.last().list(Lists.upTo(2));
    }

    assertThat(source.count()).isEqualTo(1 + 4);
    assertThat(scheduler.pending()).isEqualTo(1);
  }

  @Test
  void refreshEarly_whileAFetchIsUnderWay_doesNotAskTwice() {
    NodeDirectory directory = filled(Lists.upTo(2));
    scheduler.advance(MINUTE);

    directory.refreshEarly("g");
    scheduler.advance(Duration.ofSeconds(30));

    assertThat(source.count()).isEqualTo(2);
  }

  @Test
  void refreshEarly_unknownGroup_doesNothing() {
    directory().refreshEarly("g");

    assertThat(scheduler.pending()).isZero();
    assertThat(source.count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void snapshot_nobodyAnswersAtStart_isUsed(boolean typedError) {
    directory(source, snapshots).nodes("g");
    source.last().list(Lists.withLimit(Lists.upTo(2), 4_711));
    NodeDirectory restarted = directory(source, snapshots);

    CompletableFuture<GroupNodes> nodes = restarted.nodes("g");
    if (typedError) {
      source.last().fail(Kind.UNAVAILABLE);
    } else {
      source.last().response().completeExceptionally(new IllegalStateException("broken source"));
    }

    assertThat(listOf(nodes)).isEqualTo(Lists.withLimit(Lists.upTo(2), 4_711));
    assertThat(listOf(restarted.nodes("g"))).isEqualTo(Lists.withLimit(Lists.upTo(2), 4_711));
    scheduler.advance(MINUTE);
    assertThat(source.count()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "UNAUTHENTICATED"})
  void snapshot_managerAnswersThatThereIsNothing_isNotUsed(Kind kind) {
    directory(source, snapshots).nodes("g");
    source.last().list(Lists.upTo(2));

    CompletableFuture<GroupNodes> nodes = directory(source, snapshots).nodes("g");
    source.last().fail(kind);

    assertThat(errorOf(nodes)).hasMessage("manager says " + kind + " for g");
  }

  @Test
  void snapshot_listChanges_isWrittenAgain() {
    NodeDirectory directory = directory(source, snapshots);
    directory.nodes("g");
    source.last().list(Lists.upTo(2));
    scheduler.advance(MINUTE);
    source.last().list(Lists.of(5));

    CompletableFuture<GroupNodes> nodes = directory(source, snapshots).nodes("g");
    source.last().fail(Kind.UNAVAILABLE);

    assertThat(listOf(nodes)).isEqualTo(Lists.of(5));
  }

  @Test
  void snapshot_missing_leavesTheError() {
    CompletableFuture<GroupNodes> nodes = directory(source, snapshots).nodes("g");

    source.last().fail(Kind.UNAVAILABLE);

    assertThat(errorOf(nodes)).hasMessage("manager says UNAVAILABLE for g");
  }

  @Test
  void fetch_getsTheExchangeOfTheSender() {
    CompletableFuture<Exchange> seen = new CompletableFuture<>();
    NodeSource asking =
        new NodeSource() {
          @Override
          public CompletionStage<NodeList> fetch(String groupId, Exchange exchange) {
            seen.complete(exchange);
            return CompletableFuture.completedFuture(Lists.upTo(1));
          }
        };

    directory(asking, null).nodes("g");

    assertThat(seen).isCompletedWithValue(transport);
  }
}
