package io.github.httpreport.kafka.connect;

import java.time.Duration;

/**
 * How a task waits.
 *
 * @param maxRecords records that are held at most
 * @param maxBlockNanos how long one put waits for room
 * @param retryBackoffMillis how long the worker waits before it brings records again
 * @param retriesForever whether records are tried without end
 * @param retryNanos how long they are tried where there is an end
 * @param flushTimeout how long a commit waits for records on their way
 * @param closeTimeout how long the end of the task waits for them
 */
record DeliverySettings(
    int maxRecords,
    long maxBlockNanos,
    long retryBackoffMillis,
    boolean retriesForever,
    long retryNanos,
    Duration flushTimeout,
    Duration closeTimeout) {

  static DeliverySettings of(HttpReportSinkConfig config) {
    return new DeliverySettings(
        config.getInt(HttpReportSinkConfig.BUFFER_RECORDS),
        config.millis(HttpReportSinkConfig.MAX_BLOCK).toNanos(),
        config.getLong(HttpReportSinkConfig.RETRY_BACKOFF),
        config.retriesForever(),
        config.millis(HttpReportSinkConfig.RETRY_TIMEOUT).toNanos(),
        config.millis(HttpReportSinkConfig.FLUSH_TIMEOUT),
        config.millis(HttpReportSinkConfig.CLOSE_TIMEOUT));
  }
}
