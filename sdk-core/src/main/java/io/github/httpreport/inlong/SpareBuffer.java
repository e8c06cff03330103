package io.github.httpreport.inlong;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the buffer of the last form for the next one; who comes while it is in use gets another.
 * Safe for use by many threads, never blocks.
 */
final class SpareBuffer {

  /** In bytes: room for the largest request of a stock server, but not for any that ever was. */
  static final int MOST_KEPT = 1 << 20;

  private final AtomicReference<@Nullable FormBuffer> spare = new AtomicReference<>();

  /** An empty buffer for one form. */
  FormBuffer take() {
    FormBuffer kept = spare.getAndSet(null);
    if (kept == null) {
      return new FormBuffer();
    }
    kept.clear();
    return kept;
  }

  /** Takes a buffer back that is no longer used. */
  void giveBack(FormBuffer buffer) {
    if (buffer.capacity() <= MOST_KEPT) {
      spare.set(buffer);
    }
  }
}
