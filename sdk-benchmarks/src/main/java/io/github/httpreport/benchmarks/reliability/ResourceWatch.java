package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.SenderMetrics;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a sender tells of its nodes and its buffer. Safe for use by many threads. */
final class ResourceWatch implements SenderMetrics {

  private final Set<String> ejected = ConcurrentHashMap.newKeySet();
  private volatile long bufferUsed;

  @Override
  public void bufferUsed(long usedBytes, long maxBytes) {
    bufferUsed = usedBytes;
  }

  @Override
  public void nodeEjected(String node, boolean isEjected) {
    if (isEjected) {
      ejected.add(node);
    } else {
      ejected.remove(node);
    }
  }

  int ejectedNodes() {
    return ejected.size();
  }

  /** In bytes; may be a moment old. */
  long bufferUsed() {
    return bufferUsed;
  }
}
