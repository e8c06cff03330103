package io.github.httpreport.benchmarks;

import io.github.httpreport.ProxySender;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/** How long {@code enqueue} itself takes while the server answers late and there is room. */
final class SlowServer {

  private static final Duration DELAY = Duration.ofMillis(100);

  /** A part of what the buffer has room for. */
  private static final int MESSAGES = 20_000;

  private static final double P999 = 99.9;
  private static final int SIGNIFICANT_DIGITS = 2;
  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private SlowServer() {}

  /** The p99.9 of each round in milliseconds. */
  static Summary measure(ServerProcess server, int rounds) throws IOException {
    server.delay(DELAY);
    try (ProxySender sender = Contestants.sender(Suite.ENQUEUE_4, server)) {
      round(sender);
      double[] millis = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        millis[i] = round(sender);
      }
      return Summary.of(DoubleStream.of(millis));
    } finally {
      server.delay(Duration.ZERO);
    }
  }

  private static double round(ProxySender sender) {
    Histogram latencies = new Histogram(SIGNIFICANT_DIGITS);
    String body = Body.ASCII.text();
    String group = Topology.group(0);
    long start = System.nanoTime();
    for (int i = 0; i < MESSAGES; i++) {
      sender.enqueue(body, group, Topology.STREAM);
      long now = System.nanoTime();
      latencies.recordValue(now - start);
      start = now;
    }
    sender.flush().join();
    return latencies.getValueAtPercentile(P999) / NANOS_PER_MILLI;
  }
}
