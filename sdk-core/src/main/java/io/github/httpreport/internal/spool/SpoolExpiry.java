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

/**
 * Expiry of entries that stood in the spool for longer than the age that the application allows.
 *
 * <p>The oldest entries are looked at after each signal, so nothing polls; an entry may thus stay a
 * little longer than its age while nothing happens. An entry that is being delivered is left alone
 * until its delivery ends, because its messages may be acknowledged at that moment. Used by the
 * thread of the spool only.
 */
final class SpoolExpiry {

  /**
   * Entries that one commit removes, so that a spool full of old ones holds up no writes for long.
   */
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

  /** Expires the oldest entries, up to the number for one commit; returns how many. */
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

  /**
   * Counts the messages that have no end yet as failed, and removes the entry. They may have been
   * stored: a delivery may have sent them before.
   */
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
