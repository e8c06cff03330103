package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.util.Optional;

/**
 * The ways of reporting records that show what one connector costs, all fed by the same generator.
 * Used by one thread.
 */
interface ConnectorFeeds extends AutoCloseable {

  /**
   * One way of reporting records.
   *
   * @param label what it is called in the report
   * @param work what it does
   */
  record Feed(String label, Work work) {}

  /** What a feed does. */
  @FunctionalInterface
  interface Work {

    /**
     * Reports records, and waits until they are acknowledged.
     *
     * @throws IOException if one of them is not
     */
    void report(long records) throws IOException;
  }

  /** Plain {@code enqueue}, what the connector is compared with. */
  Feed enqueue();

  /** The connector. */
  Feed connector();

  /** What the engine costs without the connector, and is subtracted. */
  Optional<Feed> engine();

  @Override
  void close();
}
