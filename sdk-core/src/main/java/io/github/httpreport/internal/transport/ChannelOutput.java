package io.github.httpreport.internal.transport;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;

/**
 * Writes to a channel that blocks, and knows whether anything left, and whether the server had
 * answered before the last of it did.
 */
final class ChannelOutput extends OutputStream {

  /** A thread keeps a native buffer as large as the largest of its writes. */
  private static final int MAX_WRITE = 128 * 1024;

  private final SocketChannel channel;
  private final ChannelInput input;
  private boolean began;
  private boolean answered;

  ChannelOutput(SocketChannel channel, ChannelInput input) {
    this.channel = channel;
    this.input = input;
  }

  /** Forgets what left before. */
  void begin() {
    began = false;
    answered = false;
  }

  /** Whether anything had arrived before the last write since {@link #begin}. */
  boolean answered() {
    return answered;
  }

  /** Whether anything has left since {@link #begin}. */
  boolean began() {
    return began;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
    int end = left.limit();
    while (left.position() < end) {
      left.limit(Math.min(end, left.position() + MAX_WRITE));
      answered |= began && input.hasArrived();
      try {
        channel.write(left);
      } catch (ClosedByInterruptException e) {
        // Thrown as well when all of it had left just before.
        began = true;
        throw e;
      }
      began = true;
    }
  }
}
