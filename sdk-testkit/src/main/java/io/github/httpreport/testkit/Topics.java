package io.github.httpreport.testkit;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The groups and streams that a cluster knows: all of them until one is named. */
final class Topics {

  private final Map<String, Set<String>> streams = new ConcurrentHashMap<>();

  void add(String groupId, String streamId) {
    streams.computeIfAbsent(groupId, group -> ConcurrentHashMap.newKeySet()).add(streamId);
  }

  boolean knows(String groupId) {
    return streams.isEmpty() || streams.containsKey(groupId);
  }

  boolean knows(String groupId, String streamId) {
    return streams.isEmpty() || streams.getOrDefault(groupId, Set.of()).contains(streamId);
  }
}
