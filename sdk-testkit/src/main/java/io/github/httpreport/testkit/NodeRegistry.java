package io.github.httpreport.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The nodes that the Manager knows from their heartbeats, in the order of their first. */
final class NodeRegistry {

  /**
   * A node as the Manager knows it.
   *
   * @param id given at the first heartbeat
   * @param protocol for example {@code HTTP}
   * @param load what it last reported
   * @param alive whether its heartbeats still come
   */
  record Entry(int id, String ip, int port, String protocol, int load, boolean alive) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private int lastId;

  void heartbeat(String ip, int port, String protocol, int load) {
    lock.lock();
    try {
      Entry known = entries.get(key(ip, port));
      int id = known == null ? ++lastId : known.id();
      entries.put(key(ip, port), new Entry(id, ip, port, protocol, load, true));
    } finally {
      lock.unlock();
    }
  }

  /** What the Manager concludes when heartbeats stay away: the node is on the list nevertheless. */
  void timedOut(String ip, int port) {
    lock.lock();
    try {
      entries.computeIfPresent(
          key(ip, port),
          (key, e) -> new Entry(e.id(), e.ip(), e.port(), e.protocol(), e.load(), false));
    } finally {
      lock.unlock();
    }
  }

  void remove(String ip, int port) {
    lock.lock();
    try {
      entries.remove(key(ip, port));
    } finally {
      lock.unlock();
    }
  }

  /** The nodes of one protocol, in whatever case, or of all where it is null or blank. */
  List<Entry> entries(@Nullable String protocol) {
    lock.lock();
    try {
      List<Entry> found = new ArrayList<>(entries.values());
      boolean all = protocol == null || protocol.isBlank();
      found.removeIf(e -> !all && !e.protocol().equalsIgnoreCase(protocol));
      return found;
    } finally {
      lock.unlock();
    }
  }

  private static String key(String ip, int port) {
    return ip + ':' + port;
  }
}
