package io.github.httpreport.internal.spool;

import io.github.httpreport.SenderMetrics;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.internal.spool.store.Spool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The end of entries that stood in the spool for too long. Used by its thread only. */
final class SpoolExpiry {

  private static final int EXPIRED_IN_A_COMMIT = 256;

  private final RecoveringSpool disk;
  private final Duration maxAge;
  private final SenderMetrics metrics;

  SpoolExpiry(RecoveringSpool disk, Duration maxAge, SenderMetrics metrics) {
    this.disk = disk;
    this.maxAge = maxAge;
    this.metrics = metrics;
  }

  /**
   * Gives up what is too old and not under way.
   *
   * @param begun the entries that are not the same as on disk; those that expire are removed
   */
  void run(Map<Long, StoredEntry> begun) {
    Instant limit = disk.now().minus(maxAge);
    int expired = EXPIRED_IN_A_COMMIT;
    while (expired == EXPIRED_IN_A_COMMIT && disk.oldestTime().filter(limit::isAfter).isPresent()) {
      expired = expireSome(limit, begun);
      disk.commit(List.of());
    }
  }

  private int expireSome(Instant limit, Map<Long, StoredEntry> begun) {
    int expired = 0;
    while (expired < EXPIRED_IN_A_COMMIT) {
      Optional<Spool.Stored> oldest = disk.oldest(id -> isAtRest(begun.get(id)));
      if (oldest.isEmpty() || !limit.isAfter(oldest.get().entry().acceptedAt())) {
        return expired;
      }
      expire(oldest.get(), begun.remove(oldest.get().id()));
      expired++;
    }
    return expired;
  }

  private static boolean isAtRest(@Nullable StoredEntry entry) {
    return entry == null || !entry.isUnderWay();
  }

  private void expire(Spool.Stored stored, @Nullable StoredEntry entry) {
    int sent = entry == null ? 0 : entry.sent();
    int failed = entry == null ? 0 : entry.failed();
    int messages = stored.entry().messages() - sent - failed;
    disk.remove(stored.id(), sent, failed + messages);
    String why = messages + " messages for " + stored.entry().destination();
    metrics.failed(
        stored.entry().destination(),
        messages,
        new DeliveryTimeoutException(
            FailureDetails.builder(why + ": in the spool for more than " + maxAge)
                .retryable(true)
                .mayHaveBeenStored(true)
                .build()));
    metrics.spoolExpired(stored.entry().destination(), messages);
  }
}
