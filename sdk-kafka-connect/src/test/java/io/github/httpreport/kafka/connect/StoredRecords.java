package io.github.httpreport.kafka.connect;

import io.github.httpreport.testkit.StoredRecord;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * The records that nodes have stored, by partition and offset, which stand in the text of each
 * record: {@code partition-offset}. Safe for use by many threads.
 */
final class StoredRecords {

  private final List<BitSet> offsets = new ArrayList<>();
  private long total;

  StoredRecords(int partitions) {
    for (int i = 0; i < partitions; i++) {
      offsets.add(new BitSet());
    }
  }

  static String text(int partition, long offset) {
    return partition + "-" + offset;
  }

  /** For {@code LocalCluster.Builder.onStored}: called before the node answers. */
  synchronized void add(StoredRecord record) {
    for (String text : record.messages()) {
      int dash = text.indexOf('-');
      int partition = Integer.parseInt(text.substring(0, dash));
      offsets.get(partition).set(Integer.parseInt(text.substring(dash + 1)));
      total++;
    }
  }

  /** The offset up to which everything is stored. */
  synchronized long storedUpTo(TopicPartition partition) {
    return offsets.get(partition.partition()).nextClearBit(0);
  }

  /** How many different records are stored. */
  synchronized long distinct() {
    return offsets.stream().mapToLong(BitSet::cardinality).sum();
  }

  /** How many are stored, those that came twice counted twice. */
  synchronized long total() {
    return total;
  }
}
