package io.github.httpreport.examples.trial;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.ProxySender;
import io.github.httpreport.examples.bench.ChildJvm;
import io.github.httpreport.testkit.LocalCluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A cluster in trouble, and processes that send to it through one spool until they are killed. */
final class Kill implements AutoCloseable {

  private static final int NODES = 3;

  /** So many futures of a process complete at most before it is killed. */
  private static final int MOST_FUTURES = 20_000;

  private static final Duration RESTART_EVERY = Duration.ofSeconds(1);
  private static final Duration TIME_TO_EMPTY = Duration.ofMinutes(2);

  private final Path spool;
  private final Random random;
  private final KillCounts counts = new KillCounts();
  private final LocalCluster cluster;
  private final Trouble trouble;
  private int kills;

  /** Starts the cluster and the trouble. */
  Kill(Path spool, long seed) {
    this.spool = spool;
    random = new Random(seed);
    cluster =
        LocalCluster.builder()
            .name("kill-cluster")
            .nodes(NODES)
            .onStored(record -> record.messages().forEach(counts::stored))
            .start();
    trouble = new Trouble(cluster, RESTART_EVERY, random.nextLong());
    trouble.start();
  }

  KillCounts counts() {
    return counts;
  }

  /** Starts a process, and kills it as soon as some number of its futures is complete. */
  void once() throws IOException, InterruptedException {
    int futures = 1 + random.nextInt(MOST_FUTURES);
    Process process =
        ChildJvm.prepare(
                KillChild.class,
                List.of("-XX:TieredStopAtLevel=1", "-Xmx128m"),
                List.of(spool.toString(), cluster.managerUrl(), Integer.toString(kills)))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int told;
    try (BufferedReader numbers = process.inputReader(US_ASCII)) {
      told = read(numbers, futures, process);
    } finally {
      process.toHandle().destroyForcibly();
    }
    int code = process.waitFor();
    if (told < futures) {
      throw new IOException("the process that was to be killed ended by itself, with " + code);
    }
    kills++;
  }

  private int read(BufferedReader numbers, int futures, Process process) throws IOException {
    int told = 0;
    for (String line = numbers.readLine(); line != null; line = numbers.readLine()) {
      counts.acknowledged(kills, Integer.parseInt(line));
      if (++told == futures) {
        // The process would close its streams, with numbers in them that were told.
        process.toHandle().destroyForcibly();
      }
    }
    return told;
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
