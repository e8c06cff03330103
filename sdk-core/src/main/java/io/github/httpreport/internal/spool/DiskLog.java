package io.github.httpreport.internal.spool;

import io.github.httpreport.SenderMetrics;
import io.github.httpreport.spool.SpoolSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log of the changes of a spool's disk: full and half empty again, broken and usable again. Each
 * change is logged once, however many commits fail meanwhile, and the metrics follow the log.
 *
 * <p>A full spool counts as full until it is half empty, because one that is drained and filled at
 * the same time is full every other moment. Used by the thread of the spool, and by the building
 * thread before that one starts.
 */
final class DiskLog {

  private static final Logger LOG = LoggerFactory.getLogger(RecoveringSpool.class);

  private final SpoolSettings settings;
  private final SenderMetrics metrics;
  private boolean loggedFull;
  private boolean loggedBroken;

  DiskLog(SpoolSettings settings, SenderMetrics metrics) {
    this.settings = settings;
    this.metrics = metrics;
  }

  /** A commit had to refuse a batch for lack of space. */
  void full(long usedBytes) {
    if (!loggedFull) {
      loggedFull = true;
      LOG.warn(
          "The spool {} is full: {} of {} bytes in use",
          settings.directory(),
          usedBytes,
          settings.maxBytes());
    }
  }

  /** A commit worked, which proves that the disk can be used. */
  void committed(long usedBytes) {
    if (loggedBroken) {
      loggedBroken = false;
      LOG.info("The spool {} can be used again", settings.directory());
      metrics.spoolBroken(false);
    }
    if (loggedFull && usedBytes <= settings.maxBytes() / 2) {
      loggedFull = false;
      LOG.info("The spool {} is half empty again", settings.directory());
    }
  }

  /** The store failed and did not recover. */
  void broken(Throwable error) {
    if (!loggedBroken) {
      loggedBroken = true;
      LOG.error(
          "The spool {} cannot be used; until it can, messages are delivered without it: {}",
          settings.directory(),
          error.getMessage());
      metrics.spoolBroken(true);
    }
  }
}
