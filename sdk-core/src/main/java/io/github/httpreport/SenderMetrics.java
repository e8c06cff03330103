package io.github.httpreport;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Callbacks for counting what a sender does. Every method is called on a thread that delivers data:
 * it must be quick, must not block, and what it throws is logged once and dropped.
 */
public interface SenderMetrics {

  /** Counts nothing. */
  SenderMetrics NONE = new SenderMetrics() {};

  /**
   * A request ended.
   *
   * @param destination where its messages belong
   * @param attempt the request
   */
  default void attempted(Destination destination, Attempt attempt) {}

  /**
   * A batch begins: with the first message that is enqueued, or with a call of {@code send} or
   * {@code sendAsync}. For tracing, which needs more than numbers; on the thread of the caller.
   *
   * @param destination where its messages belong
   * @return the observer of this batch; null, the default, for none, which costs nothing
   */
  default @Nullable BatchObserver batchOpened(Destination destination) {
    return null;
  }

  /**
   * Observer of one batch from its first message to its end. Must be quick and must not block; what
   * it throws is logged once and dropped. {@link #enqueued} is called on the threads of callers,
   * the others on threads that deliver, and {@link #attempted} on several at once where the server
   * made the sender split the batch. A batch that is given up before its delivery has no start.
   */
  interface BatchObserver {

    /** A message is added by the current thread; all messages of a {@code send} at once. */
    default void enqueued() {}

    /**
     * The batch is sealed and encoded, and its delivery starts.
     *
     * @param messages how many it holds
     * @param encodedBytes its size on the wire
     */
    default void started(int messages, int encodedBytes) {}

    /**
     * A request ended.
     *
     * @param attempt the request
     */
    default void attempted(Attempt attempt) {}

    /**
     * Every message has its end: acknowledged, put on disk, given up or abandoned. The last call.
     *
     * @param error the first failure of a message; null if there was none
     */
    default void ended(@Nullable RuntimeException error) {}
  }

  /**
   * Messages were acknowledged.
   *
   * @param destination where they belong
   * @param messages how many
   * @param elapsed from the sealing of their batch
   */
  default void sent(Destination destination, int messages, Duration elapsed) {}

  /**
   * Messages were given up, refused before they were accepted because there was no room for them or
   * they are too large, or abandoned by {@code close}. Those come with a {@link
   * io.github.httpreport.error.DeliveryTimeoutException}.
   *
   * @param destination where they belong
   * @param messages how many
   * @param cause why
   */
  default void failed(Destination destination, int messages, RuntimeException cause) {}

  /**
   * The buffer's use changed. Several threads call this at once, so values may come in another
   * order than they were so, come twice or be left out; when nothing changes any more, the last
   * value is true.
   *
   * @param usedBytes bytes accepted and not complete
   * @param maxBytes the bound
   */
  default void bufferUsed(long usedBytes, long maxBytes) {}

  /**
   * Messages were put on disk.
   *
   * @param destination where they belong
   * @param messages how many
   */
  default void spooled(Destination destination, int messages) {}

  /**
   * What is on disk changed.
   *
   * @param messages messages in the spool, those of earlier senders included
   * @param usedBytes what they take, about
   * @param maxBytes the bound
   */
  default void spoolUsed(long messages, long usedBytes, long maxBytes) {}

  /**
   * Messages became too old in the spool. {@link #failed} is called for them as well.
   *
   * @param destination where they belong
   * @param messages how many
   */
  default void spoolExpired(Destination destination, int messages) {}

  /**
   * Messages in the spool can no longer be read. {@link #failed} is not called for them: it is
   * unknown where they belong.
   *
   * @param messages how many
   */
  default void spoolLost(long messages) {}

  /**
   * The spool cannot be used, or can be used again. Meanwhile messages are delivered without it.
   *
   * @param broken true when it cannot be used
   */
  default void spoolBroken(boolean broken) {}

  /**
   * A node was ejected or revived.
   *
   * @param node as {@code host:port}
   * @param ejected true when it gets no more requests for now
   */
  default void nodeEjected(String node, boolean ejected) {}

  /**
   * A node left the list of every group. It may come back later; what was measured of it is of no
   * more use.
   *
   * @param node as {@code host:port}
   */
  default void nodeRemoved(String node) {}

  /**
   * The sender is closed: nothing more happens, and nothing is in use. The last call but strays.
   */
  default void closed() {}
}
