package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.time.Duration;

/**
 * What a feed did in its turn.
 *
 * @param records acknowledged
 * @param nanos from the first record to the last acknowledgement
 * @param cpuNanos of this process, all threads
 */
record ConnectorTurn(long records, long nanos, long cpuNanos) {

  /** Feeds records for a while, and waits until they are acknowledged. */
  static ConnectorTurn run(ConnectorFeed feed, RecordGenerator generator, Duration time)
      throws IOException {
    Spent before = Spent.now();
    long records = 0;
    while (System.nanoTime() - before.nanos() < time.toNanos()) {
      var polled = generator.poll();
      feed.accept(polled);
      records += polled.size();
    }
    feed.awaitEnd();
    Spent spent = Spent.now().minus(before);
    return new ConnectorTurn(records, spent.nanos(), spent.cpuNanos());
  }

  double recordsPerSecond() {
    return records * 1e9 / nanos;
  }

  double cpuMicrosPerRecord() {
    return cpuNanos / 1e3 / records;
  }
}
