package io.github.httpreport.internal.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.MessageConstraintException;

/**
 * A wire as the stream that httpcore's parser reads, as far as bytes are there and may be read.
 *
 * <p>Two bounds: how often a turn may read, so that a server that writes without end does not keep
 * the I/O thread to itself, and how many bytes a head may have, since the parser bounds its lines
 * and their number only. Where the first one is reached, a read finds nothing, and the next turn
 * goes on.
 *
 * <p>One thread at a time reads: that which has the turn of the connection.
 */
final class WireInput extends InputStream {

  private final Wire wire;
  private final NothingThere nothingThere = new NothingThere();
  private ByteBuffer target = ByteBuffer.allocate(0);
  private long allowed = Long.MAX_VALUE;
  private int readsLeft;
  private boolean ended;

  WireInput(Wire wire) {
    this.wire = wire;
  }

  /** The read after this many bytes fails: the bounds of httpcore differ in its versions. */
  void allow(long bytes) {
    allowed = bytes;
  }

  /** A turn begins, with so many reads. */
  void beginTurn(int reads) {
    readsLeft = reads;
  }

  /** Whether the turn wanted more reads than it had, so that more may be there. */
  boolean hasStopped() {
    return readsLeft < 0;
  }

  /** Whether the server has closed its side. */
  boolean hasEnded() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    if (allowed <= 0) {
      throw new MessageConstraintException("The head of a response is too long");
    }
    if (--readsLeft < 0) {
      throw nothingThere;
    }
    if (target.array() != bytes) {
      // The buffer of the parser has one array, so this one serves for long.
      target = ByteBuffer.wrap(bytes);
    }
    int read = wire.read(target.limit(offset + count).position(offset));
    if (read == 0) {
      throw nothingThere;
    }
    ended |= read < 0;
    allowed -= Math.max(read, 0);
    return read;
  }

  /** Nothing there now, a time-out for httpcore. Thrown before almost every request: no trace. */
  static final class NothingThere extends SocketTimeoutException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
