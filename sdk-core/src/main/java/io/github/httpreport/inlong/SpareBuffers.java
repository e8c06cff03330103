package io.github.httpreport.inlong;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps the buffers of the last forms for the next ones: a few, because several threads encode at
 * once. Who finds none gets a new one. Safe for use by many threads, never blocks.
 */
final class SpareBuffers {

  /** How many are kept. */
  static final int MAX = 8;

  /** In bytes: room for the largest request of a stock server, but not for any that ever was. */
  static final int MAX_KEPT = 1 << 20;

  private final AtomicReferenceArray<FormBuffer> spare = new AtomicReferenceArray<>(MAX);

  /** An empty buffer for one form. */
  FormBuffer take() {
    for (int i = 0; i < MAX; i++) {
      FormBuffer kept = spare.getAndSet(i, null);
      if (kept != null) {
        kept.clear();
        return kept;
      }
    }
    return new FormBuffer();
  }

  /** Takes a buffer back that is no longer used. */
  void giveBack(FormBuffer buffer) {
    if (buffer.capacity() > MAX_KEPT) {
      return;
    }
    for (int i = 0; i < MAX; i++) {
      if (spare.compareAndSet(i, null, buffer)) {
        return;
      }
    }
  }
}
