package io.github.httpreport.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** What comes from a channel. Where the channel does not block, what is there by now. */
final class ChannelInput extends InputStream {

  private final SocketChannel channel;
  private boolean ended;

  ChannelInput(SocketChannel channel) {
    this.channel = channel;
  }

  /** Whether its end was seen. */
  boolean ended() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = channel.read(ByteBuffer.wrap(bytes, offset, length));
    if (read == 0 && length > 0) {
      throw new NothingThere();
    }
    ended |= read < 0;
    return read;
  }

  /** Thrown before almost every request, so it has no stack trace. */
  private static final class NothingThere extends SocketTimeoutException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
