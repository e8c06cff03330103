package io.github.httpreport.benchmarks.reliability;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.ProxySender;
import io.github.httpreport.benchmarks.ChildJvm;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A cluster in trouble, and processes that send to it through one spool until they are killed. With
 * damage no node is there before the end, so that only the spool has the messages; its header is
 * destroyed before each start, and every second process is killed while it salvages the file.
 */
final class Kill implements AutoCloseable {

  private static final int NODES = 3;

  /** So many futures of a process complete at most before it is killed. */
  private static final int MAX_FUTURES = 20_000;

  private static final Duration RESTART_EVERY = Duration.ofSeconds(1);
  private static final Duration TIME_TO_EMPTY = Duration.ofMinutes(2);
  private static final Duration TIME_TO_SALVAGE = Duration.ofMinutes(1);

  /** So long a salvage may go on at most before its process is killed. */
  private static final int MAX_SALVAGE_MILLIS = 60;

  private final Path spool;
  private final Random random;
  private final KillCounts counts = new KillCounts();
  private final LocalCluster cluster;
  private final FaultSchedule trouble;
  private final boolean damage;
  private int kills;
  private int killsInSalvage;

  /** Starts the cluster and the trouble. */
  Kill(Path spool, long seed, boolean damage) {
    this.spool = spool;
    this.damage = damage;
    random = new Random(seed);
    cluster =
        LocalCluster.builder()
            .name("kill-cluster")
            .nodes(NODES)
            .onStored(record -> record.messages().forEach(counts::stored))
            .start();
    trouble = new FaultSchedule(cluster, RESTART_EVERY, random.nextLong());
    if (damage) {
      cluster.nodes().forEach(LocalNode::stop);
    } else {
      trouble.start();
    }
  }

  /** How many processes were killed after they had begun to salvage the spool. */
  int killsInSalvage() {
    return killsInSalvage;
  }

  KillCounts counts() {
    return counts;
  }

  /** Starts a process, and kills it. */
  void once() throws IOException, InterruptedException {
    if (!damage || kills == 0) {
      killAtAFuture();
      return;
    }
    try (DamagedSpool damaged = DamagedSpool.of(spool)) {
      if (kills % 2 == 0) {
        killAtAFuture();
      } else {
        killInSalvage(damaged);
      }
    }
  }

  private void killInSalvage(DamagedSpool damaged) throws IOException, InterruptedException {
    Process process = start();
    try (BufferedReader numbers = process.inputReader(US_ASCII)) {
      boolean begun = damaged.awaitSalvage(TIME_TO_SALVAGE);
      process.waitFor(random.nextInt(MAX_SALVAGE_MILLIS), TimeUnit.MILLISECONDS);
      process.toHandle().destroyForcibly();
      read(numbers, Integer.MAX_VALUE, process);
      if (!begun) {
        throw new IOException("the process did not salvage the spool");
      }
    } finally {
      process.toHandle().destroyForcibly();
    }
    process.waitFor();
    killsInSalvage++;
    kills++;
  }

  /** Kills a process as soon as some number of its futures is complete. */
  private void killAtAFuture() throws IOException, InterruptedException {
    int futures = 1 + random.nextInt(MAX_FUTURES);
    Process process = start();
    int completed;
    try (BufferedReader numbers = process.inputReader(US_ASCII)) {
      completed = read(numbers, futures, process);
    } finally {
      process.toHandle().destroyForcibly();
    }
    int code = process.waitFor();
    if (completed < futures) {
      throw new IOException("the process that was to be killed ended by itself, with " + code);
    }
    kills++;
  }

  private Process start() throws IOException {
    return ChildJvm.prepare(
            KillChild.class,
            List.of("-XX:TieredStopAtLevel=1", "-Xmx128m"),
            List.of(spool.toString(), cluster.managerUrl(), Integer.toString(kills)))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private int read(BufferedReader numbers, int futures, Process process) throws IOException {
    int completed = 0;
    for (String line = numbers.readLine(); line != null; line = numbers.readLine()) {
      counts.acknowledged(kills, Integer.parseInt(line));
      if (++completed == futures) {
        // The process would close its streams, with numbers in them that were told.
        process.toHandle().destroyForcibly();
      }
    }
    return completed;
  }

  /** Lets every node be well, and a last sender empty the spool. Tells how much it left there. */
  long drain() {
    trouble.close();
    try (ProxySender last = KillChild.sender(spool, cluster.managerUrl())) {
      CloseSummary closed = last.close(TIME_TO_EMPTY);
      if (closed.total() > 0) {
        throw new IllegalStateException("a sender that sent nothing counts " + closed);
      }
    }
    return KillChild.left(spool);
  }

  @Override
  public void close() {
    trouble.close();
    cluster.close();
  }
}
