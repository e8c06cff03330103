package io.github.httpreport.kafka.connect;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Compares the offsets that tasks hand over for a commit with what is stored at this very moment.
 * The tasks of a cluster in this process find it here, because the worker makes them.
 */
final class CommitWitness {

  private static volatile CommitWitness current = new CommitWitness(partition -> Long.MAX_VALUE);

  private final ToLongFunction<TopicPartition> stored;
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final AtomicLong commits = new AtomicLong();
  private final AtomicLong offsets = new AtomicLong();

  private CommitWitness(ToLongFunction<TopicPartition> stored) {
    this.stored = stored;
  }

  static CommitWitness install(ToLongFunction<TopicPartition> stored) {
    current = new CommitWitness(stored);
    return current;
  }

  static CommitWitness current() {
    return current;
  }

  void check(Map<TopicPartition, OffsetAndMetadata> committed) {
    commits.incrementAndGet();
    committed.forEach(this::check);
  }

  private void check(TopicPartition partition, OffsetAndMetadata committed) {
    offsets.incrementAndGet();
    long storedUpTo = stored.applyAsLong(partition);
    if (committed.offset() > storedUpTo) {
      violations.add(partition + ": " + committed.offset() + " > " + storedUpTo);
    }
  }

  Queue<String> violations() {
    return violations;
  }

  long commits() {
    return commits.get();
  }
}
