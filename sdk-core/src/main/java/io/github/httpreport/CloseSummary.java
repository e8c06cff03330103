package io.github.httpreport;

/**
 * Where every message went that a sender accepted in its life. The four numbers add up to the
 * messages accepted.
 *
 * @param sent acknowledged by a server, at once or from the spool
 * @param failed whose future told an error before the sender was closed, or while it was draining;
 *     or that were in the spool and then refused by a server, too old, or unreadable
 * @param spooled left on disk for the next sender on the same spool. What earlier senders had left
 *     there is not counted, whatever became of it
 * @param abandoned not settled when the time to close ran out; their futures told an error
 */
public record CloseSummary(long sent, long failed, long spooled, long abandoned) {

  /**
   * Every message that was accepted.
   *
   * @return the sum of the four numbers
   */
  public long total() {
    return sent + failed + spooled + abandoned;
  }
}
