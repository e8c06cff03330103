package io.github.httpreport.benchmarks;

import java.util.concurrent.atomic.AtomicLong;

/** What the lean server took so far. Written by its thread, read by another. */
final class LeanCounts {

  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong bodyBytes = new AtomicLong();
  private final AtomicLong messages = new AtomicLong();

  /** Counts one report, before it is answered. */
  void add(long length, long bodyLength, long count) {
    requests.lazySet(requests.getPlain() + 1);
    bytes.lazySet(bytes.getPlain() + length);
    bodyBytes.lazySet(bodyBytes.getPlain() + bodyLength);
    messages.set(messages.getPlain() + count);
  }

  Counts now() {
    // First what is written last.
    long stored = messages.get();
    return new Counts(requests.get(), bytes.get(), bodyBytes.get(), stored);
  }
}
