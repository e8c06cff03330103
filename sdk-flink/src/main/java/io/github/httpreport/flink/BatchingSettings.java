package io.github.httpreport.flink;

import io.github.httpreport.Batching;
import java.io.Serializable;
import java.time.Duration;

/** A {@link Batching} that travels to the task managers. */
record BatchingSettings(
    Duration linger, int maxMessages, int maxBytes, Duration dataTimeGranularity)
    implements Serializable {

  static BatchingSettings of(Batching batching) {
    return new BatchingSettings(
        batching.linger(),
        batching.maxMessages(),
        batching.maxBytes(),
        batching.dataTimeGranularity());
  }

  /** Whether another granularity than this was asked for. */
  boolean contradicts(Duration granularity) {
    return !dataTimeGranularity.equals(Batching.defaults().dataTimeGranularity())
        && !dataTimeGranularity.equals(granularity);
  }

  BatchingSettings withDataTimeGranularity(Duration value) {
    return new BatchingSettings(linger, maxMessages, maxBytes, value);
  }

  Batching toBatching() {
    return Batching.builder()
        .linger(linger)
        .maxMessages(maxMessages)
        .maxBytes(maxBytes)
        .dataTimeGranularity(dataTimeGranularity)
        .build();
  }
}
