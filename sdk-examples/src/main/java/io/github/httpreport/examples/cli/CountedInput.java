package io.github.httpreport.examples.cli;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** An input that is unpacked where it is gzip, and counts what it takes from its source. */
final class CountedInput extends FilterInputStream {

  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;
  private static final int BUFFER = 64 << 10;

  private final Counting source;

  private CountedInput(InputStream in, Counting source) {
    super(in);
    this.source = source;
  }

  static CountedInput unpacking(InputStream raw) throws IOException {
    Counting source = new Counting(raw);
    BufferedInputStream buffered = new BufferedInputStream(source, BUFFER);
    buffered.mark(2);
    boolean gzip = buffered.read() == GZIP_FIRST && buffered.read() == GZIP_SECOND;
    buffered.reset();
    return new CountedInput(gzip ? new GZIPInputStream(buffered, BUFFER) : buffered, source);
  }

  /** How many bytes of the file were read, which for a packed one are fewer than were given. */
  long consumed() {
    return source.count;
  }

  private static final class Counting extends FilterInputStream {
    private long count;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
