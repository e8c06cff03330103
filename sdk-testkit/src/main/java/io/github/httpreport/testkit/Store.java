package io.github.httpreport.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a server took, or the one who is told instead. For use by many threads.
 *
 * @param <T> what it takes
 */
final class Store<T> {

  private final ReentrantLock lock = new ReentrantLock();
  private final List<T> kept = new ArrayList<>();
  private final AtomicLong messages = new AtomicLong();
  private final @Nullable Consumer<T> consumer;
  private final ToIntFunction<T> messagesIn;

  /**
   * @param consumer receives everything in place of the memory; may be null
   */
  Store(@Nullable Consumer<T> consumer) {
    this(consumer, one -> 1);
  }

  /**
   * @param consumer receives everything in place of the memory; may be null
   * @param messagesIn counts the messages of each
   */
  Store(@Nullable Consumer<T> consumer, ToIntFunction<T> messagesIn) {
    this.consumer = consumer;
    this.messagesIn = messagesIn;
  }

  /** Takes what came in one request, together. */
  void add(List<T> together) {
    if (consumer != null) {
      together.forEach(consumer);
      count(together);
      return;
    }
    lock.lock();
    try {
      kept.addAll(together);
      count(together);
    } finally {
      lock.unlock();
    }
  }

  private void count(List<T> taken) {
    long more = 0;
    for (T one : taken) {
      more += messagesIn.applyAsInt(one);
    }
    messages.addAndGet(more);
  }

  List<T> all() {
    lock.lock();
    try {
      return List.copyOf(kept);
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
      kept.clear();
      messages.set(0);
    } finally {
      lock.unlock();
    }
  }
}
