package io.github.httpreport.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the reactor to which whoever has a request writes it himself, as far as the
 * socket takes it at once: to wake the I/O thread costs as much as to write. One thread at a time
 * has its turn. Within a turn the events that are asked for are only noted, because httpcore wakes
 * the I/O thread for each of them, even for those that it takes back or that the I/O thread itself
 * asks for.
 */
final class DirectSession extends ExpectingSession {

  /** A part of a turn. */
  interface Step {
    void run() throws IOException;
  }

  /**
   * Longer bodies are for the I/O thread: for each thread the JDK keeps a buffer as long as the
   * longest that it ever wrote.
   */
  static final int MAX_BODY = 32 * 1024;

  /** One to make the request and one to write it. */
  private static final int ROUNDS = 2;

  private final ReentrantLock turn = new ReentrantLock();
  private int eventsBefore;
  private int events;
  private boolean full;
  private int lastRead;
  private @Nullable Command next;

  DirectSession(IOSession session) {
    super(session);
  }

  /** What the last read brought, below 0 at the end. */
  int lastRead() {
    return lastRead;
  }

  /** Waits for its turn, takes the step, and writes what there is to write after it. */
  void inTurn(DirectEvents handler, Step step) throws IOException {
    turn.lock();
    try {
      take(handler, step);
    } finally {
      turn.unlock();
    }
  }

  /** Waits for its turn on a connection that has ended. */
  void atEnd(Runnable step) {
    turn.lock();
    try {
      step.run();
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void enqueue(Command command, Command.Priority priority) {
    if (command instanceof RequestExecutionCommand request
        && request.getExchangeHandler().available() <= MAX_BODY
        && getHandler() instanceof DirectEvents handler
        && handler.isConnected()
        && turn.tryLock()) {
      try {
        begin(request, handler);
      } finally {
        turn.unlock();
      }
    } else {
      super.enqueue(command, priority);
    }
  }

  private void begin(RequestExecutionCommand request, DirectEvents handler) {
    if (next != null || !isOpen()) {
      super.enqueue(request, Command.Priority.NORMAL);
    } else if (turn.getHoldCount() > 1) {
      // Whoever told this thread of an answer goes on with its turn, and writes at its end.
      next = request;
      events |= SelectionKey.OP_WRITE;
    } else {
      next = request;
      try {
        take(handler, () -> readThenWrite(handler));
      } catch (Throwable e) {
        handler.exception(this, ExchangeFailures.asException(e));
      }
    }
  }

  /** The server's end, or what nobody asked for, is to be found before anything is written. */
  private void readThenWrite(DirectEvents handler) throws IOException {
    handler.read(this);
    events |= SelectionKey.OP_WRITE;
  }

  private void take(DirectEvents handler, Step step) throws IOException {
    eventsBefore = getEventMask();
    events = eventsBefore;
    try {
      step.run();
      for (int i = 0; i < ROUNDS && mayWrite(); i++) {
        handler.write(this);
      }
    } finally {
      end();
    }
  }

  private boolean mayWrite() {
    return (events & SelectionKey.OP_WRITE) != 0 && !full && isOpen();
  }

  private void end() {
    if (isOpen()) {
      changeEvents();
    } else {
      // The I/O thread may have been told of the end before, and not look here again.
      Command unwritten = takeNext();
      if (unwritten != null) {
        unwritten.cancel();
      }
    }
  }

  private @Nullable Command takeNext() {
    Command taken = next;
    next = null;
    return taken;
  }

  private void changeEvents() {
    int added = events & ~eventsBefore;
    int removed = eventsBefore & ~events;
    if (removed != 0) {
      super.clearEvent(removed);
      if (hasCommands()) {
        // Of another thread, whose event may be the one just cleared.
        added |= SelectionKey.OP_WRITE;
      }
    }
    if (added != 0) {
      super.setEvent(added);
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    lastRead = super.read(target);
    return lastRead;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int written = super.write(source);
    full = source.hasRemaining();
    return written;
  }

  @Override
  @Nullable Command nextCommand() {
    Command first = turn.isHeldByCurrentThread() ? takeNext() : null;
    return first == null ? super.nextCommand() : first;
  }

  @Override
  public void setEvent(int event) {
    if (turn.isHeldByCurrentThread()) {
      events |= event;
    } else {
      super.setEvent(event);
    }
  }

  @Override
  public void clearEvent(int event) {
    if (turn.isHeldByCurrentThread()) {
      events &= ~event;
    } else {
      super.clearEvent(event);
    }
  }
}
