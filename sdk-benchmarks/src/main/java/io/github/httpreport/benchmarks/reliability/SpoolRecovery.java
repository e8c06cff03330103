package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.spool.SpoolSettings;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalManager.GroupState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Senders that find promised messages of an earlier one on disk, while one of two groups takes
 * nothing, or while everything is refused for a few seconds.
 */
final class SpoolRecovery {

  private static final Duration REFUSED_FOR = Duration.ofSeconds(3);
  private static final Duration TIME_TO_DRAIN = Duration.ofMinutes(2);
  private static final double MIN_SHARE = 0.8;
  private static final String GOOD = "good";
  private static final String BAD = "bad";

  /** What a cluster may do to a group, and none of it because of a message. */
  private record ScheduledFault(String name, Consumer<LocalCluster> begin) {
    static ScheduledFault manager(GroupState state) {
      return new ScheduledFault(
          "Manager: " + state, cluster -> cluster.manager().group(BAD, state));
    }

    static ScheduledFault manager(Fault fault) {
      return new ScheduledFault("Manager: " + fault, cluster -> cluster.manager().always(fault));
    }

    static ScheduledFault node(String name, Fault fault) {
      return new ScheduledFault(
          "node: " + name, cluster -> cluster.nodes().forEach(node -> node.always(fault)));
    }
  }

  private static final List<ScheduledFault> DEAD =
      List.of(
          new ScheduledFault("node: refused", cluster -> cluster.node(0).stop()),
          ScheduledFault.node("black hole", Fault.blackHole()),
          ScheduledFault.node("114", Fault.queueFull()),
          ScheduledFault.manager(GroupState.UNKNOWN));

  private static final List<ScheduledFault> REFUSING =
      List.of(
          ScheduledFault.manager(GroupState.UNKNOWN),
          ScheduledFault.manager(GroupState.NOT_APPROVED),
          ScheduledFault.manager(Fault.status(401, "")),
          ScheduledFault.manager(Fault.status(403, "")),
          ScheduledFault.node("115", Fault.code("115")),
          ScheduledFault.node("10", Fault.code("10")),
          ScheduledFault.node("301", Fault.status(301, "")),
          ScheduledFault.node("400", Fault.status(400, "")),
          ScheduledFault.node("401", Fault.status(401, "")),
          ScheduledFault.node("403", Fault.status(403, "")),
          ScheduledFault.node("413", Fault.status(413, "")));

  private final Path directory;
  private final int messages;
  private int spools;

  /**
   * @param directory for the spools
   * @param messages how many are promised for each group
   */
  SpoolRecovery(Path directory, int messages) {
    this.directory = directory;
    this.messages = messages;
  }

  /** Takes about half a minute, and a quarter of an hour at most. */
  List<RunFinding> run() throws InterruptedException, IOException {
    List<RunFinding> findings = new ArrayList<>();
    double cold = secondsToDrain(cluster -> {}, List.of(GOOD));
    double alone = Math.min(cold, secondsToDrain(cluster -> {}, List.of(GOOD)));
    for (ScheduledFault dead : DEAD) {
      double beside = secondsToDrain(dead.begin, List.of(BAD, GOOD));
      findings.add(
          new RunFinding(
              alone / beside >= MIN_SHARE,
              String.format(
                  "%s: %d messages of the other group drained in %.2f s, alone in %.2f s",
                  dead.name, messages, beside, alone)));
    }
    for (ScheduledFault refusing : REFUSING) {
      int arrived = arrivedAfter(refusing);
      findings.add(
          new RunFinding(
              arrived == messages,
              refusing.name + " for 3 s: arrived " + arrived + " of " + messages + " promised"));
    }
    return findings;
  }

  /** How long the good group takes, whose cluster is well. */
  private double secondsToDrain(Consumer<LocalCluster> trouble, List<String> groups)
      throws InterruptedException {
    Path spool = promised(groups);
    StoredBodies stored = new StoredBodies(messages);
    try (LocalCluster good = cluster(stored);
        LocalCluster bad = cluster(new StoredBodies(messages))) {
      trouble.accept(bad);
      InLongManager goodSource = InLongManager.of(good.managerUrl());
      InLongManager badSource = InLongManager.of(bad.managerUrl());
      long startNanos = System.nanoTime();
      ProxySender sender =
          sender(
              spool,
              (group, exchange) ->
                  (group.equals(GOOD) ? goodSource : badSource).fetch(group, exchange));
      stored.await(TIME_TO_DRAIN);
      double seconds = (System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
      sender.close(Duration.ZERO);
      return seconds;
    }
  }

  private int arrivedAfter(ScheduledFault trouble) throws InterruptedException {
    Path spool = promised(List.of(BAD));
    StoredBodies stored = new StoredBodies(messages);
    try (LocalCluster cluster = cluster(stored)) {
      trouble.begin.accept(cluster);
      ProxySender sender = sender(spool, InLongManager.of(cluster.managerUrl()));
      // Nothing arrives meanwhile, so this is the time of the trouble.
      stored.await(REFUSED_FOR);
      cluster.manager().clearFaults();
      cluster.manager().group(BAD, GroupState.READY);
      cluster.nodes().forEach(node -> node.clearFaults());
      stored.await(TIME_TO_DRAIN);
      sender.close(Duration.ZERO);
      return stored.count();
    }
  }

  /** A spool of a sender that found no node, one message an entry, groups in turn. */
  private Path promised(List<String> groups) {
    Path spool = directory.resolve("spool-" + spools++);
    NodeSource nobody =
        (group, exchange) ->
            CompletableFuture.<NodeList>failedFuture(
                new NodeSourceException(
                    NodeSourceException.Kind.UNAVAILABLE, "there is no Manager yet", null));
    try (ProxySender sender = sender(spool, nobody)) {
      List<CompletableFuture<?>> promises = new ArrayList<>();
      for (int i = 0; i < messages; i++) {
        for (String group : groups) {
          promises.add(sender.sendAsync(List.of(group + '-' + i), group, "stream"));
        }
      }
      promises.forEach(CompletableFuture::join);
      sender.close(Duration.ZERO);
    }
    return spool;
  }

  private static ProxySender sender(Path spool, NodeSource source) {
    return HttpProxySender.builder()
        .nodeSource(source)
        .spool(SpoolSettings.builder(spool).writeAhead(true).build())
        .name("spool-recovery")
        .build();
  }

  private static LocalCluster cluster(StoredBodies stored) {
    return LocalCluster.builder()
        .name("spool-recovery-cluster")
        .nodes(1)
        .onStored(record -> record.messages().forEach(stored::arrived))
        .start();
  }

  /** Makes a place for the spools of one run, and removes it. */
  static List<RunFinding> inTemporaryDirectory(int messages)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("http-report-spool-recovery");
    try {
      return new SpoolRecovery(directory, messages).run();
    } finally {
      KillCommand.delete(directory);
    }
  }

  /** The different messages that reached a cluster. Safe for use by many threads. */
  private static final class StoredBodies {
    private final Set<String> bodies = ConcurrentHashMap.newKeySet();
    private final CountDownLatch left;

    StoredBodies(int expected) {
      left = new CountDownLatch(expected);
    }

    void arrived(String body) {
      if (bodies.add(body)) {
        left.countDown();
      }
    }

    int count() {
      return bodies.size();
    }

    void await(Duration timeout) throws InterruptedException {
      boolean unused = left.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
