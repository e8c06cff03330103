package io.github.httpreport.examples.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One client of the lean server. Used by the server's thread. */
final class LeanConnection {

  private final LeanServer server;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final HeadParser head = new HeadParser();
  private boolean inBody;
  private long bodyLeft;
  private long count;
  private long dueNanos;
  private boolean closing;
  private @Nullable ByteBuffer unwritten;

  LeanConnection(LeanServer server, SocketChannel channel, SelectionKey key) {
    this.server = server;
    this.channel = channel;
    this.key = key;
  }

  long dueNanos() {
    return dueNanos;
  }

  void due(long nanos) {
    dueNanos = nanos;
  }

  void ready(ByteBuffer buffer) {
    try {
      if (unwritten != null) {
        write(unwritten);
      } else if (channel.read(buffer.clear()) < 0) {
        close();
      } else {
        take(buffer.flip());
      }
    } catch (IOException | IllegalArgumentException broken) {
      close();
    }
  }

  private void take(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining() && channel.isOpen()) {
      if (!inBody && head.take(buffer.get())) {
        inBody = true;
        bodyLeft = head.contentLength();
        count = 0;
      }
      if (inBody) {
        takeBody(buffer);
      }
    }
  }

  private void takeBody(ByteBuffer buffer) throws IOException {
    int length = (int) Math.min(bodyLeft, buffer.remaining());
    int end = buffer.position() + length;
    takeCount(buffer, Math.max(buffer.position(), end - LeanServer.LONGEST_COUNT), end);
    buffer.position(end);
    bodyLeft -= length;
    if (bodyLeft == 0) {
      inBody = false;
      complete();
      head.reset();
    }
  }

  /** The number that the body ends with, which stands behind {@code &cnt=}. */
  private void takeCount(ByteBuffer buffer, int from, int end) {
    for (int i = from; i < end; i++) {
      byte next = buffer.get(i);
      count = HeadParser.isDigit(next) ? count * 10 + next - '0' : 0;
    }
  }

  private void complete() throws IOException {
    switch (head.asked()) {
      case REPORT -> {
        server.counts().add(head.length() + head.contentLength(), head.contentLength(), count);
        server.answer(this);
      }
      case HEARTBEAT -> success();
      case NODES -> answer(server.listOf(head.nodes()));
      case SOMETHING_ELSE -> close();
    }
  }

  /** Writes the success of a report. */
  void success() throws IOException {
    answer(server.success());
  }

  private void answer(ByteBuffer answer) throws IOException {
    closing = head.close();
    channel.write(answer);
    if (answer.hasRemaining()) {
      unwritten = ByteBuffer.allocate(answer.remaining()).put(answer).flip();
      key.interestOps(SelectionKey.OP_WRITE);
    } else if (closing) {
      close();
    }
  }

  private void write(ByteBuffer rest) throws IOException {
    channel.write(rest);
    if (!rest.hasRemaining()) {
      unwritten = null;
      key.interestOps(SelectionKey.OP_READ);
      if (closing) {
        close();
      }
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      key.cancel();
    }
  }
}
