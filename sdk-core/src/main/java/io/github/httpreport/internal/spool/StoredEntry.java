package io.github.httpreport.internal.spool;

/**
 * One entry of the spool between the beginning of its delivery and its removal: how many of its
 * messages were acknowledged, given up, or are still open.
 *
 * <p>The entry on disk does not change meanwhile, and leaves it as a whole when no message is open.
 * So these counts are known to this process alone, and after a restart the whole entry is delivered
 * again. Used by the thread of the spool only.
 */
final class StoredEntry {

  private final long id;
  private final int messages;

  /** Deliveries of parts of it in flight. */
  private int underWay;

  /** Messages without an end; with those sent and failed it adds up to all. */
  private int open;

  private int sent;
  private int failed;

  StoredEntry(long id, int messages) {
    this.id = id;
    this.messages = messages;
    open = messages;
  }

  long id() {
    return id;
  }

  void began() {
    underWay++;
  }

  void ended() {
    underWay--;
  }

  boolean isUnderWay() {
    return underWay > 0;
  }

  void sent(int count) {
    sent += count;
    open -= count;
  }

  void failed(int count) {
    failed += count;
    open -= count;
  }

  int sent() {
    return sent;
  }

  int failed() {
    return failed;
  }

  /** How many messages have neither been acknowledged nor given up. */
  int open() {
    return open;
  }

  /** Whether the entry is the same as on disk: nothing of it is in flight or has an end. */
  boolean isUntouched() {
    return underWay == 0 && open == messages;
  }
}
