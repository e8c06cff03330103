package io.github.httpreport.testkit;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The endpoints that a server has, and what came to them. For use by many threads. */
final class EkuiperEndpoints {

  /** A route once made stays for good, whatever becomes of rule and stream. */
  private record Endpoint(String method, boolean listening) {}

  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final AtomicLong lost = new AtomicLong();
  private final Store<ReceivedTuple> tuples;

  EkuiperEndpoints(Store<ReceivedTuple> tuples) {
    this.tuples = tuples;
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
    tuples.add(objects.stream().map(object -> new ReceivedTuple(path, object)).toList());
  }

  void lose() {
    lost.incrementAndGet();
  }

  long lost() {
    return lost.get();
  }

  List<ReceivedTuple> tuples() {
    return tuples.all();
  }

  void clear() {
    tuples.clear();
    lost.set(0);
  }
}
