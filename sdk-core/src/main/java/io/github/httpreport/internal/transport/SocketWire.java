package io.github.httpreport.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;

/**
 * The bytes of a socket, which knows whether anything of the last request has left.
 *
 * <p>The answer decides whether a request may be sent again without the risk of a duplicate, so it
 * errs to one side: bytes that may have left count as left. One thread at a time calls this, that
 * which has the turn of the connection; any other may close the channel meanwhile, and the write
 * that waits then ends by an exception after some or all of its bytes have gone.
 */
final class SocketWire implements Wire {

  /** A thread keeps a native buffer as large as the largest of its writes. */
  private static final int MAX_WRITE = 128 * 1024;

  private final SocketChannel channel;
  private boolean wrote;

  SocketWire(SocketChannel channel) {
    this.channel = channel;
  }

  /** A request begins: forgets what left before, such as TLS and the tunnel. */
  void begin() {
    wrote = false;
  }

  /** Whether anything has left since {@link #begin}. */
  boolean wrote() {
    return wrote;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int end = source.limit();
    source.limit(Math.min(end, source.position() + MAX_WRITE));
    try {
      int written = channel.write(source);
      wrote |= written > 0;
      return written;
    } catch (AsynchronousCloseException e) {
      // Thrown as well when all of it had left just before.
      wrote = true;
      throw e;
    } finally {
      source.limit(end);
    }
  }

  @Override
  public boolean flush() {
    return true;
  }
}
