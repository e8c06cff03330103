package io.github.httpreport;

/**
 * Where every message went that a sender accepted in its life. The four numbers add up to the
 * messages accepted.
 *
 * @param sent acknowledged by a server
 * @param failed whose future told an error before the sender was closed, or while it was draining
 * @param spooled left on disk for the next sender on the same spool
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
