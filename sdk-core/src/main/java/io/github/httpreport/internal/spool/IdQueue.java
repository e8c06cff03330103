package io.github.httpreport.internal.spool;

import java.util.Arrays;

/**
 * Queue of ascending ids, held as the differences between neighbours: one to three bytes for an
 * entry of a spool, which is less than a hundredth of the entry itself. The queue of everything
 * that a spool holds therefore has no bound but that of the spool. Not safe for use by several
 * threads.
 */
final class IdQueue {

  private static final int SMALLEST = 16;

  /** A difference of 64 bits, seven to a byte. */
  private static final int MAX_NUMBER_BYTES = 10;

  private static final int PAYLOAD_BITS = 7;
  private static final int MORE = 1 << PAYLOAD_BITS;

  private byte[] bytes = new byte[SMALLEST];
  private int head;
  private int tail;
  private long first;
  private long last;

  boolean isEmpty() {
    return head == tail;
  }

  /**
   * Adds an id.
   *
   * @param id larger than each that was added before
   */
  void add(long id) {
    makeRoom();
    long rest = id - last;
    while (rest >= MORE) {
      bytes[tail++] = (byte) ((rest & (MORE - 1)) | MORE);
      rest >>>= PAYLOAD_BITS;
    }
    bytes[tail++] = (byte) rest;
    last = id;
  }

  /**
   * Moves the bytes to the front, into an array of twice the size where more than half of it is in
   * use. An id thus costs a bounded number of moves, however long the queue is.
   */
  private void makeRoom() {
    if (tail + MAX_NUMBER_BYTES <= bytes.length) {
      return;
    }
    int used = tail - head;
    byte[] target = used > bytes.length / 2 ? new byte[2 * bytes.length] : bytes;
    target = target.length < used + MAX_NUMBER_BYTES ? new byte[2 * target.length] : target;
    System.arraycopy(bytes, head, target, 0, used);
    bytes = target;
    head = 0;
    tail = used;
  }

  /** Removes the smallest id, which there must be. */
  long poll() {
    long difference = 0;
    int shift = 0;
    while ((bytes[head] & MORE) != 0) {
      difference |= (long) (bytes[head++] & (MORE - 1)) << shift;
      shift += PAYLOAD_BITS;
    }
    difference |= (long) bytes[head++] << shift;
    first += difference;
    shrink();
    return first;
  }

  /**
   * Gives memory back once three quarters of the array are free, so that adding and removing in
   * turns does not copy each time.
   */
  private void shrink() {
    int used = tail - head;
    if (bytes.length > SMALLEST && used < bytes.length / 4) {
      bytes = Arrays.copyOfRange(bytes, head, head + Math.max(SMALLEST, bytes.length / 2));
      head = 0;
      tail = used;
    }
  }

  /** Forgets everything; the next id may be any. */
  void clear() {
    bytes = new byte[SMALLEST];
    head = 0;
    tail = 0;
    first = 0;
    last = 0;
  }
}
