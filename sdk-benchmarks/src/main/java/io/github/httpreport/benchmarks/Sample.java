package io.github.httpreport.benchmarks;

import java.util.concurrent.TimeUnit;

/**
 * What one contestant did in one round.
 *
 * @param messages how many were acknowledged
 * @param taken what the server took meanwhile
 * @param spent what this process spent for it
 * @param medianNanos of a call
 * @param p99Nanos of a call
 */
record Sample(long messages, Counts taken, Spent spent, double medianNanos, double p99Nanos) {

  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double NANOS_PER_MICRO = TimeUnit.MICROSECONDS.toNanos(1);

  double messagesPerSecond() {
    return messages * NANOS / spent.nanos();
  }

  double requestsPerSecond() {
    return taken.requests() * NANOS / spent.nanos();
  }

  double messagesPerCpuSecond() {
    return messages * NANOS / spent.cpuNanos();
  }

  double cpuMicrosPerMessage() {
    return spent.cpuNanos() / NANOS_PER_MICRO / messages;
  }

  double medianMicros() {
    return medianNanos / NANOS_PER_MICRO;
  }

  double p99Micros() {
    return p99Nanos / NANOS_PER_MICRO;
  }

  /** Beyond the encoded bytes and what the contestant itself allocates. */
  double extraBytesPerMessage() {
    return (spent.allocatedBytes() - taken.bodyBytes()) / messages;
  }

  /** Beyond the encoded bytes and what the contestant itself allocates. */
  double extraBytesPerRequest() {
    return (spent.allocatedBytes() - taken.bodyBytes()) / taken.requests();
  }

  double wireBytesPerMessage() {
    return (double) taken.bytes() / messages;
  }
}
