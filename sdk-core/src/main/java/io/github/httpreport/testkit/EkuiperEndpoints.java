package io.github.httpreport.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The endpoints that a server has, and what came to them. For use by many threads. */
final class EkuiperEndpoints {

  /** A route once made stays for good, whatever becomes of rule and stream. */
  private record Endpoint(String method, boolean listening) {}

  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final List<ReceivedTuple> tuples = new ArrayList<>();
  private final AtomicLong lost = new AtomicLong();
  private final @Nullable Consumer<ReceivedTuple> consumer;

  /**
   * @param consumer is given the tuples instead of keeping them; may be null
   */
  EkuiperEndpoints(@Nullable Consumer<ReceivedTuple> consumer) {
    this.consumer = consumer;
  }

  void listen(String path, String method) {
    endpoints.put(path, new Endpoint(method, true));
  }

  void listenNoMore(String path) {
    endpoints.computeIfPresent(path, (at, endpoint) -> new Endpoint(endpoint.method(), false));
  }

  /** The method that a path takes; null where there is no route. */
  @Nullable String method(String path) {
    Endpoint endpoint = endpoints.get(path);
    return endpoint == null ? null : endpoint.method();
  }

  /** Hands objects to the rule, if one listens. */
  void give(String path, List<String> objects) {
    Endpoint endpoint = endpoints.get(path);
    if (endpoint == null || !endpoint.listening()) {
      lose();
      return;
    }
    if (consumer != null) {
      objects.forEach(object -> consumer.accept(new ReceivedTuple(path, object)));
      return;
    }
    lock.lock();
    try {
      objects.forEach(object -> tuples.add(new ReceivedTuple(path, object)));
    } finally {
      lock.unlock();
    }
  }

  void lose() {
    lost.incrementAndGet();
  }

  long lost() {
    return lost.get();
  }

  List<ReceivedTuple> tuples() {
    lock.lock();
    try {
      return List.copyOf(tuples);
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    lock.lock();
    try {
      tuples.clear();
      lost.set(0);
    } finally {
      lock.unlock();
    }
  }
}
