package io.github.httpreport.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a DataHub stored, or the one who is told instead. */
final class DataHubStore {

  private final ReentrantLock lock = new ReentrantLock();
  private final List<DataHubMessage> messages = new ArrayList<>();
  private final AtomicLong count = new AtomicLong();
  private final @Nullable Consumer<DataHubMessage> consumer;

  DataHubStore(@Nullable Consumer<DataHubMessage> consumer) {
    this.consumer = consumer;
  }

  /** Stores the messages of one request together. */
  void add(List<DataHubMessage> added) {
    if (consumer == null) {
      lock.lock();
      try {
        messages.addAll(added);
      } finally {
        lock.unlock();
      }
    } else {
      added.forEach(consumer);
    }
    count.addAndGet(added.size());
  }

  List<DataHubMessage> all() {
    lock.lock();
    try {
      return List.copyOf(messages);
    } finally {
      lock.unlock();
    }
  }

  long count() {
    return count.get();
  }

  void clear() {
    lock.lock();
    try {
      messages.clear();
      count.set(0);
    } finally {
      lock.unlock();
    }
  }
}
