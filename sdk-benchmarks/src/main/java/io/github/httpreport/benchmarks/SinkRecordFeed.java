package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/** A way of reporting the records of the {@link RecordGenerator}. Used by one thread. */
interface SinkRecordFeed extends AutoCloseable {

  /** Takes records, and waits for room where there is none. */
  void accept(List<SinkRecord> records);

  /**
   * Waits until everything is acknowledged.
   *
   * @throws IOException if something is not
   */
  void awaitEnd() throws IOException;

  @Override
  void close();
}
