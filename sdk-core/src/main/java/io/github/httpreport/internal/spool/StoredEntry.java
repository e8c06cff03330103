package io.github.httpreport.internal.spool;

/**
 * One entry of the spool between the beginning of its delivery and its removal: what became of its
 * messages so far. Used by the thread of the spool only. Known to this process alone: after a
 * restart the whole entry is delivered.
 */
final class StoredEntry {

  private final long id;
  private final int messages;
  private int underWay;
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

  boolean isUntouched() {
    return underWay == 0 && open == messages;
  }
}
