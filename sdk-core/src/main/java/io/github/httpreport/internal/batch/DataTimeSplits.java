package io.github.httpreport.internal.batch;

import io.github.httpreport.Destination;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detector of batches that data times keep small: logs once when messages of one destination spread
 * over so many open batches that these hold less than two messages on average.
 *
 * <p>Callers and the scheduler's thread report opened and sealed batches at the same time; the
 * counts are atomic, and a flag keeps the warning to one. A destination is remembered while it has
 * an open batch.
 */
final class DataTimeSplits {

  /** Few enough to be seen within a second of a busy producer, too many for a coincidence. */
  static final int ENOUGH = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(DataTimeSplits.class);

  /** Open batches with a data time, by destination. */
  private final Map<Destination, Integer> open = new ConcurrentHashMap<>();

  /** Batches that were opened while another one of their destination was open. */
  private final AtomicLong splitBatches = new AtomicLong();

  private final AtomicLong messages = new AtomicLong();
  private final AtomicBoolean logged = new AtomicBoolean();

  void opened(Accumulator.Key key) {
    if (key.dataTime() != null && open.merge(key.destination(), 1, Integer::sum) > 1) {
      splitBatches.incrementAndGet();
    }
  }

  void sealed(Accumulator.Key key, int size) {
    if (key.dataTime() == null) {
      return;
    }
    open.computeIfPresent(key.destination(), (destination, count) -> count > 1 ? count - 1 : null);
    long all = messages.addAndGet(size);
    long batches = splitBatches.get();
    if (batches >= ENOUGH && all < 2 * batches && logged.compareAndSet(false, true)) {
      LOG.warn(
          "Batches hold less than two messages on average, because messages of {} share a batch"
              + " only with equal data times: a data time granularity (Batching) lets them share"
              + " more; this is logged once",
          key.destination());
    }
  }
}
