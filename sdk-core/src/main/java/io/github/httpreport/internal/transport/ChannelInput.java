package io.github.httpreport.internal.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.hc.core5.http.MessageConstraintException;

/** What comes from a channel. Where the channel does not block, what is there by now. */
final class ChannelInput extends InputStream {

  private final SocketChannel channel;
  private final NothingThere nothingThere = new NothingThere();
  private ByteBuffer target = ByteBuffer.allocate(0);
  private final ByteBuffer ahead = ByteBuffer.allocate(1);
  private boolean ended;
  private int headLeft = Integer.MAX_VALUE;

  ChannelInput(SocketChannel channel) {
    this.channel = channel;
    ahead.flip();
  }

  /** From now on a head is read: the read after this many bytes of it fails. */
  void beginHead(int maxBytes) {
    headLeft = maxBytes;
  }

  /** The head is read; a body has a bound elsewhere. */
  void endHead() {
    headLeft = Integer.MAX_VALUE;
  }

  /** Whether its end was seen. */
  boolean ended() {
    return ended;
  }

  /** Whether anything is there that was not read; does not wait for it. */
  boolean hasArrived() throws IOException {
    if (!ahead.hasRemaining()) {
      channel.configureBlocking(false);
      ahead.clear();
      ended |= channel.read(ahead) < 0;
      ahead.flip();
      channel.configureBlocking(true);
    }
    return ahead.hasRemaining();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (headLeft <= 0) {
      throw new MessageConstraintException("The head of an answer is too long");
    }
    if (ahead.hasRemaining() && length > 0) {
      bytes[offset] = ahead.get();
      return 1;
    }
    if (target.array() != bytes) {
      // The reader has one buffer of its own, so this one serves for long.
      target = ByteBuffer.wrap(bytes);
    }
    int read = channel.read(target.limit(offset + length).position(offset));
    if (read == 0 && length > 0) {
      throw nothingThere;
    }
    ended |= read < 0;
    if (headLeft < Integer.MAX_VALUE) {
      headLeft -= Math.max(read, 0);
    }
    return read;
  }

  /** Thrown before almost every request: nobody asks where it comes from. */
  private static final class NothingThere extends SocketTimeoutException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
