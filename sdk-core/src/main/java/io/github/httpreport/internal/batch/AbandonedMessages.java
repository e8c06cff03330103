package io.github.httpreport.internal.batch;

import io.github.httpreport.Destination;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Messages that closing a sender gave up, summed up by destination. Its size is bounded by what the
 * buffer of the sender holds.
 *
 * <p>The thread that closes adds the most; the spool's thread and callers that come too late may
 * add at the same time. The map is concurrent and each sum an immutable value, so there is no lock.
 */
public final class AbandonedMessages {

  /**
   * The abandoned messages of one destination.
   *
   * @param reason why one of its batches was not delivered before; empty when none had an answer
   */
  public record Sum(Destination destination, int messages, String reason) {

    Sum plus(Sum other) {
      String known = reason.isEmpty() ? other.reason : reason;
      return new Sum(destination, messages + other.messages, known);
    }
  }

  private final Map<Destination, Sum> sums = new ConcurrentHashMap<>();

  void add(Destination destination, int messages, String reason) {
    sums.merge(destination, new Sum(destination, messages, reason), Sum::plus);
  }

  /** The sums, those with the most messages first. */
  public List<Sum> largestFirst() {
    List<Sum> all = new ArrayList<>(sums.values());
    all.sort(Comparator.comparingInt(Sum::messages).reversed());
    return all;
  }
}
