package io.github.httpreport.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Records as a Connect worker hands them to a task: as many as one poll returns, of all partitions
 * in turn, each partition with ascending offsets. Used by one thread.
 */
final class RecordGenerator {

  static final String TOPIC = "bench_topic";
  static final int PARTITIONS = 6;

  /** What a consumer's poll returns at most, unless it is told otherwise. */
  private static final int POLL = 500;

  private static final long MINUTE = 60_000;

  private final long[] offsets = new long[PARTITIONS];
  private final String body;
  private final long timestamp;
  private int nextPartition;

  RecordGenerator(String body, long nowMillis) {
    this.body = body;
    timestamp = nowMillis / MINUTE * MINUTE;
  }

  /** The records of the next poll, all of one partition, as a fetch of many records gives them. */
  List<SinkRecord> poll() {
    int partition = nextPartition;
    nextPartition = (nextPartition + 1) % PARTITIONS;
    List<SinkRecord> records = new ArrayList<>(POLL);
    for (int i = 0; i < POLL; i++) {
      records.add(
          new SinkRecord(
              TOPIC,
              partition,
              null,
              null,
              Schema.STRING_SCHEMA,
              body,
              offsets[partition]++,
              timestamp + i,
              TimestampType.CREATE_TIME));
    }
    return records;
  }

  /** The offset behind the last record of a partition. */
  long end(int partition) {
    return offsets[partition];
  }
}
