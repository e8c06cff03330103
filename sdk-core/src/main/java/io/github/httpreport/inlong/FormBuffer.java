package io.github.httpreport.inlong;

import java.util.Arrays;

/**
 * A form while it is written, in bytes that grow as needed: to learn its size beforehand would take
 * half as long as writing it. Not safe for use by several threads.
 */
final class FormBuffer {

  /** So many chars at a time, so that room for the longest they may become is not much. */
  static final int CHUNK = 2048;

  private final char[] chars = new char[CHUNK + 1];
  private byte[] bytes = new byte[1024];
  private int size;

  int size() {
    return size;
  }

  int capacity() {
    return bytes.length;
  }

  void clear() {
    size = 0;
  }

  /** Appends ASCII as it is. */
  FormBuffer plain(String ascii) {
    makeRoom(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      bytes[size + i] = (byte) ascii.charAt(i);
    }
    size += ascii.length();
    return this;
  }

  /** Appends a number in decimal digits. */
  FormBuffer number(long value) {
    if (value < 0) {
      return plain(Long.toString(value));
    }
    int digits = 1;
    for (long rest = value; rest > 9; rest /= 10) {
      digits++;
    }
    makeRoom(digits);
    size += digits;
    long rest = value;
    for (int i = 1; i <= digits; i++) {
      bytes[size - i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return this;
  }

  /** Appends well-formed text. */
  FormBuffer encoded(String text, FormEncoder encoder) {
    for (int start = 0; start < text.length(); ) {
      int end = Math.min(text.length(), start + CHUNK);
      // One more char, because a pair that is cut in two is written with its second half.
      int before = Math.min(start, 1);
      text.getChars(start - before, end, chars, 0);
      makeRoom(encoder.longest(end - start + 1) + FormEncoder.SLACK);
      size = encoder.encode(chars, before, before + end - start, bytes, size);
      start = end;
    }
    return this;
  }

  private void makeRoom(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * size, Integer.MAX_VALUE)));
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
