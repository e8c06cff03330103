package io.github.httpreport.internal.batch;

import io.github.httpreport.Destination;
import io.github.httpreport.internal.concurrent.ExpiringMap;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.WireProtocol;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Size limits of requests: by the protocol, by the cluster, and by earlier refusals.
 *
 * <p>A refusal counts for a while only ({@link LearnedLimit}); its limit is kept for a bounded
 * number of destinations, and dropped where the destination is not used. Any delivery asks and
 * reports here on its own thread: the map is concurrent, and each learned limit guards itself.
 */
public final class RequestSizeLimits {

  private static final Logger LOG = LoggerFactory.getLogger(RequestSizeLimits.class);

  /** Beyond it, batches of further destinations are split again after each refusal. */
  private static final int MAX_LEARNED = 10_000;

  private static final Duration EXPIRY = Duration.ofMinutes(10);

  private final WireProtocol protocol;
  private final Function<String, OptionalLong> clusterLimit;
  private final Scheduler scheduler;
  private final ExpiringMap<Destination, LearnedLimit> learned;

  /**
   * @param clusterLimit the bytes of a request that the cluster of a group said it takes, by the
   *     group's id; empty where it said nothing
   */
  public RequestSizeLimits(
      WireProtocol protocol, Function<String, OptionalLong> clusterLimit, Scheduler scheduler) {
    this.protocol = protocol;
    this.clusterLimit = clusterLimit;
    this.scheduler = scheduler;
    learned = new ExpiringMap<>(MAX_LEARNED, EXPIRY, scheduler);
  }

  int maxMessages() {
    return protocol.maxBatchMessages();
  }

  /** The bytes that no request may exceed, as far as the cluster has said. */
  public long maxBytes(Destination destination) {
    return protocol.maxRequestBytes(clusterLimit.apply(destination.groupId()));
  }

  /** The bytes that a request of several messages should not exceed, by experience. */
  public long maxBatchBytes(Destination destination) {
    long maxBytes = maxBytes(destination);
    LearnedLimit known = learned.isEmpty() ? null : learned.get(destination);
    return known == null ? maxBytes : Math.min(maxBytes, known.bytes());
  }

  /** Whether the cluster itself said that it takes requests of this size. */
  public boolean isPromised(Destination destination, int bytes) {
    OptionalLong limit = clusterLimit.apply(destination.groupId());
    return limit.isPresent() && bytes <= limit.getAsLong();
  }

  /** A request of some size was too large: batches of the destination have so much for a while. */
  public void refused(Destination destination, int bytes, long instead) {
    LearnedLimit known = learned.getOrAdd(destination, LearnedLimit::new);
    if (known != null && known.refused(instead, scheduler.nanoTime())) {
      LOG.info(
          "{} takes less than {} bytes: batches are limited to {}", destination, bytes, instead);
    }
  }

  /** A request of this size was acknowledged, so larger ones may be, too. */
  public void acknowledged(Destination destination, int bytes) {
    LearnedLimit known = learned.isEmpty() ? null : learned.get(destination);
    if (known != null && known.acknowledged(bytes, maxBytes(destination), scheduler.nanoTime())) {
      learned.remove(destination);
    }
  }

  /** Whether a request may be sent as it is. */
  public boolean fits(Payload payload) {
    int messages = payload.messageCount();
    Destination destination = payload.destination();
    return messages <= maxMessages()
        && payload.size() <= maxBytes(destination)
        // A learned limit splits batches, and refuses no message that cannot be split any more.
        && (messages == 1 || payload.size() <= maxBatchBytes(destination));
  }

  /**
   * The index of the first message that fits into no request, not even alone. Runs for a batch that
   * is over the limit only, since it looks at each message.
   */
  public Optional<Integer> firstTooLarge(Payload payload) {
    long maxBytes = maxBytes(payload.destination());
    int last = payload.messageCount() - 1;
    int around = payload.size() - (payload.messageEnd(last) - payload.messageStart(0, 0));
    for (int i = 0; i <= last; i++) {
      int size = payload.messageEnd(i) - payload.messageStart(i, 0);
      // The first sum counts a separator too many, so what it suspects is measured.
      if (size + around > maxBytes && protocol.slice(payload, i, i + 1).size() > maxBytes) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }
}
