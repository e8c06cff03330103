package io.github.httpreport.killtest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.ProxySender;
import io.github.httpreport.internal.spool.store.Spool;
import io.github.httpreport.spool.SpoolSettings;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import io.github.httpreport.testkit.StoredRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Kills a sending process over and over, while nodes fail at random, and compares in the end what
 * it was promised with what was stored.
 */
final class KillRun {

  private static final int NODES = 3;
  private static final int MAX_MILLIS = 800;

  /** One child in so many is killed at any time after its start, the others while they send. */
  private static final int ONE_IN = 5;

  private static final Duration AWHILE = Duration.ofSeconds(30);
  private static final int MILLIS_BETWEEN_FAULTS = 60;

  /** So many futures of a child complete before it is killed in the dark. */
  private static final int MAX_FUTURES = 400;

  /** So long messages that writing them takes a while. */
  private static final int PADDING = 5_000;

  /** Between the numbers are lines of the log. */
  private static final Predicate<String> NUMBER = Pattern.compile("[0-9]+").asMatchPredicate();

  private final Random random;
  private final Path directory;
  private final Stored stored = new Stored();
  private final BitSet promised = new BitSet();
  private int kills;

  KillRun(long seed, Path directory) {
    random = new Random(seed);
    this.directory = directory;
  }

  /** What came of it. */
  record Outcome(int kills, int promised, int missing, long stored, long duplicates, long left) {

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d kills, %,d futures complete, %d of them missing, %,d messages stored, %,d of them"
              + " again, %d left on disk",
          kills,
          promised,
          missing,
          stored,
          duplicates,
          left);
    }
  }

  /** Nodes fail at random, and the child dies at a random time. */
  Outcome runInTrouble(int times) throws IOException, InterruptedException {
    ScheduledExecutorService chaos = Executors.newSingleThreadScheduledExecutor();
    try (LocalCluster cluster = cluster()) {
      Random faults = new Random(random.nextLong());
      chaos.scheduleWithFixedDelay(
          () -> disturb(cluster, faults), 0, MILLIS_BETWEEN_FAULTS, TimeUnit.MILLISECONDS);
      while (kills < times) {
        liveAndDie(addresses(cluster));
      }
      chaos.shutdownNow();
      chaos.awaitTermination(1, TimeUnit.MINUTES);
      return drained(cluster);
    } finally {
      chaos.shutdownNow();
    }
  }

  /** No node is there, so that only the disk has a message whose future completes: then it dies. */
  Outcome runInTheDark(int times) throws IOException, InterruptedException {
    try (LocalCluster cluster = cluster()) {
      cluster.nodes().forEach(LocalNode::stop);
      while (kills < times) {
        dieAtAPromise(addresses(cluster));
      }
      return drained(cluster);
    }
  }

  private LocalCluster cluster() {
    return LocalCluster.builder().nodes(NODES).onStored(stored::add).start();
  }

  private static String addresses(LocalCluster cluster) {
    return cluster.nodes().stream().map(LocalNode::address).collect(Collectors.joining(","));
  }

  private Outcome drained(LocalCluster cluster) {
    cluster.nodes().forEach(KillRun::heal);
    drain(addresses(cluster).split(",", -1));
    return outcome();
  }

  private void liveAndDie(String nodes) throws IOException, InterruptedException {
    Path numbers = directory.resolve("numbers-" + kills);
    Process child =
        child(numbers.toString(), nodes, 0)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output-" + kills).toFile())
            .start();
    boolean anyTime = random.nextInt(ONE_IN) == 0;
    int millis = random.nextInt(MAX_MILLIS);
    if (!anyTime) {
      await()
          .atMost(AWHILE)
          .until(() -> (Files.exists(numbers) && Files.size(numbers) > 0) || !child.isAlive());
    }
    if (child.waitFor(millis, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the child ended by itself; see output-" + kills);
    }
    child.destroyForcibly().waitFor();
    note(numbers);
    kills++;
  }

  private ProcessBuilder child(String numbers, String nodes, int padding) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-Xmx128m",
        "-cp",
        System.getProperty("java.class.path"),
        Child.class.getName(),
        directory.resolve("spool").toString(),
        numbers,
        Long.toString(kills * 10_000_000L),
        nodes,
        Integer.toString(padding));
  }

  private void dieAtAPromise(String nodes) throws IOException, InterruptedException {
    Process child =
        child(Child.TO_PARENT, nodes, PADDING)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int left = 1 + random.nextInt(MAX_FUTURES);
    try (BufferedReader numbers = child.inputReader(US_ASCII)) {
      for (String line = numbers.readLine(); line != null; line = numbers.readLine()) {
        if (NUMBER.test(line)) {
          if (--left == 0) {
            // The process would close its streams, with numbers in them that were told.
            child.toHandle().destroyForcibly();
          }
          promised.set(Stored.bit(Long.parseLong(line)));
        }
      }
    }
    child.waitFor();
    if (left > 0) {
      throw new IllegalStateException("the child ended by itself");
    }
    kills++;
  }

  /** Numbers of one child are close together, so each child gets a range of bits of its own. */
  private void note(Path numbers) throws IOException {
    if (Files.exists(numbers)) {
      String text = Files.readString(numbers);
      // The last line may have been cut by the kill.
      text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .forEach(line -> promised.set(Stored.bit(Long.parseLong(line))));
    }
  }

  private static void disturb(LocalCluster cluster, Random random) {
    LocalNode node = cluster.node(random.nextInt(NODES));
    switch (random.nextInt(8)) {
      case 0 -> node.stop();
      case 1 -> node.always(Fault.queueFull());
      case 2 -> node.always(Fault.storeThenReset());
      case 3 -> node.always(Fault.noResponse());
      case 4 ->
          node.script(Fault.storeThenNoResponse(), Fault.halfResponse(), Fault.resetAfterRead());
      default -> cluster.nodes().forEach(KillRun::heal);
    }
  }

  private static void heal(LocalNode node) {
    node.clearFaults();
    if (!node.running()) {
      node.start();
    }
  }

  private void drain(String[] nodes) {
    try (ProxySender last = Child.sender(directory.resolve("spool"), nodes)) {
      last.close(Duration.ofMinutes(1));
    }
  }

  private Outcome outcome() {
    BitSet missing = (BitSet) promised.clone();
    missing.andNot(stored.seen());
    long left;
    try (Spool spool = Spool.open(SpoolSettings.in(directory.resolve("spool")), "InLong")) {
      left = spool.messages();
    }
    return new Outcome(
        kills,
        promised.cardinality(),
        missing.cardinality(),
        stored.count(),
        stored.duplicates(),
        left);
  }

  /** What the nodes got, by number. */
  private static final class Stored {
    private static final int RANGE = 2_000_000;

    private final BitSet seen = new BitSet();
    private long count;
    private long duplicates;

    static int bit(long number) {
      return Math.toIntExact(number / 10_000_000 * RANGE + number % 10_000_000);
    }

    synchronized void add(StoredRecord record) {
      List<String> bodies = new ArrayList<>(record.body().lines().toList());
      for (String body : bodies) {
        int bit = bit(Long.parseLong(body.substring(1, body.length() - 1).stripTrailing()));
        count++;
        if (seen.get(bit)) {
          duplicates++;
        }
        seen.set(bit);
      }
    }

    synchronized BitSet seen() {
      return (BitSet) seen.clone();
    }

    synchronized long count() {
      return count;
    }

    synchronized long duplicates() {
      return duplicates;
    }
  }
}
