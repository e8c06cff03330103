package io.github.httpreport.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What all nodes of a cluster stored, or the one who is told instead. */
final class RecordStore {

  private final ReentrantLock lock = new ReentrantLock();
  private final List<StoredRecord> records = new ArrayList<>();
  private final AtomicLong messages = new AtomicLong();
  private final @Nullable Consumer<StoredRecord> consumer;

  RecordStore(@Nullable Consumer<StoredRecord> consumer) {
    this.consumer = consumer;
  }

  void add(StoredRecord stored) {
    if (consumer != null) {
      consumer.accept(stored);
      messages.addAndGet(stored.messageCount());
      return;
    }
    lock.lock();
    try {
      records.add(stored);
      messages.addAndGet(stored.messageCount());
    } finally {
      lock.unlock();
    }
  }

  List<StoredRecord> all() {
    lock.lock();
    try {
      return List.copyOf(records);
    } finally {
      lock.unlock();
    }
  }

  long messages() {
    return messages.get();
  }

  void clear() {
    lock.lock();
    try {
      records.clear();
      messages.set(0);
    } finally {
      lock.unlock();
    }
  }
}
