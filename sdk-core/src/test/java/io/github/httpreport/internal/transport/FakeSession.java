package io.github.httpreport.internal.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** A session of a reactor that is not there: takes and gives bytes, and notes who is woken. */
final class FakeSession implements IOSession {

  /** What the socket's next read does. */
  interface InputSource {
    int read(ByteBuffer target) throws IOException;
  }

  final List<String> wakes = new ArrayList<>();
  final Queue<Command> commands = new ConcurrentLinkedQueue<>();
  int socketTakes = Integer.MAX_VALUE;
  int writes;
  InputSource input = target -> 0;
  Runnable beforeClearing = () -> {};
  Runnable beforeMask = () -> {};
  @Nullable IOException brokenBy;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Lock lock = new ReentrantLock();
  private int events = SelectionKey.OP_READ;
  private boolean open = true;
  private @Nullable IOEventHandler handler;

  String written() {
    return written.toString(StandardCharsets.US_ASCII);
  }

  /** The next read gets this text, the ones after it nothing. */
  void receives(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    input =
        target -> {
          input = again -> 0;
          target.put(bytes);
          return bytes.length;
        };
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    return input.read(target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    writes++;
    if (brokenBy != null) {
      throw brokenBy;
    }
    int taken = Math.min(socketTakes, source.remaining());
    for (int i = 0; i < taken; i++) {
      written.write(source.get());
    }
    socketTakes -= taken;
    return taken;
  }

  @Override
  public void enqueue(Command command, Command.Priority priority) {
    if (open) {
      commands.add(command);
      setEvent(SelectionKey.OP_WRITE);
    } else {
      command.cancel();
    }
  }

  @Override
  public boolean hasCommands() {
    return !commands.isEmpty();
  }

  @Override
  public @Nullable Command poll() {
    return commands.poll();
  }

  @Override
  public int getEventMask() {
    beforeMask.run();
    if (!open) {
      throw new CancelledKeyException();
    }
    return events;
  }

  @Override
  public void setEventMask(int mask) {
    events = mask;
    wakes.add("=" + mask);
  }

  @Override
  public void setEvent(int event) {
    events |= event;
    wakes.add("+" + event);
  }

  @Override
  public void clearEvent(int event) {
    beforeClearing.run();
    events &= ~event;
    wakes.add("-" + event);
  }

  @Override
  public @Nullable IOEventHandler getHandler() {
    return handler;
  }

  @Override
  public void upgrade(IOEventHandler next) {
    handler = next;
  }

  @Override
  public Lock getLock() {
    return lock;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public void close(CloseMode mode) {
    open = false;
  }

  @Override
  public Status getStatus() {
    return open ? Status.ACTIVE : Status.CLOSED;
  }

  @Override
  public ByteChannel channel() {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable SocketAddress getRemoteAddress() {
    return null;
  }

  @Override
  public @Nullable SocketAddress getLocalAddress() {
    return null;
  }

  @Override
  public Timeout getSocketTimeout() {
    return Timeout.DISABLED;
  }

  @Override
  public void setSocketTimeout(Timeout timeout) {}

  @Override
  public long getLastReadTime() {
    return 0;
  }

  @Override
  public long getLastWriteTime() {
    return 0;
  }

  @Override
  public long getLastEventTime() {
    return 0;
  }

  @Override
  public void updateReadTime() {}

  @Override
  public void updateWriteTime() {}

  @Override
  public String getId() {
    return "fake";
  }
}
