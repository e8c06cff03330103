package io.github.httpreport.internal.transport;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * One connection, the same whether its calls wait for their responses or not, with and without TLS
 * and a proxy.
 *
 * <p>States: CONNECTING, with those of {@link Connector} within, then SENDING and RECEIVING for
 * each call, and IDLE between two. A failed turn closes the connection, whatever failed, so no
 * state follows a failure. A call is attached from the start of its first turn to the end of its
 * last one.
 *
 * <p>Turns: each takes every step that is possible without waiting. One thread at a time has the
 * turn: on a socket that does not block, the calling thread with its request, since to wake the I/O
 * thread costs as much as to write, and the I/O thread when the socket is ready; on a socket that
 * blocks, the calling thread alone, and its one turn lasts until the response is there. The lock
 * guards everything but {@link #close}, which is called by any thread and makes a turn fail that
 * waits. It is held during I/O, but on this socket only.
 *
 * <p>Which bytes are a response: none that arrive before the first byte of the request has left.
 * They, and the server's end, are looked for right before that, and on an idle connection whenever
 * they arrive. A response that begins before the whole request has left is early.
 */
final class Connection implements IdleConnections.Pooled, EventLoop.Handler {

  private enum State {
    CONNECTING,
    IDLE,
    SENDING,
    RECEIVING
  }

  /** The begin of a turn; what it throws ends the connection like the rest of the turn. */
  private interface Step {
    void run() throws IOException;
  }

  private static final int READ_AND_WRITE = SelectionKey.OP_READ | SelectionKey.OP_WRITE;

  private final Route route;
  private final @Nullable EventLoop loop;
  private final SocketChannel channel;
  private final SocketWire socket;
  private final Connector connector;
  private final ReentrantLock turn = new ReentrantLock();
  private RequestWriter writer;
  private ResponseReader reader;
  private State state = State.CONNECTING;

  /** The events that the next turn waits for, and those that the loop knows of. */
  private int waitsFor;

  private int watchedFor;

  /** Whether bytes that were read already are the I/O thread's to go on with. */
  private boolean takesAnotherTurn;

  private @Nullable HttpCall call;

  /** How many have begun here: a response to the first is on no reused connection. */
  private int requests;

  /**
   * A connection that can be closed already, and is still to be connected.
   *
   * @param loop waits for its socket; null for a socket that blocks
   */
  Connection(Route route, SSLContext tls, @Nullable EventLoop loop) throws IOException {
    this.route = route;
    this.loop = loop;
    channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket = new SocketWire(channel);
    connector = new Connector(route, tls, channel, socket, loop != null);
    writer = connector.writer();
    reader = connector.reader();
  }

  /** Connects and carries out the call. */
  void connect(HttpCall first, SocketAddress address) {
    take(
        () -> {
          call = first;
          channel.configureBlocking(loop == null);
          channel.connect(address);
        });
  }

  /** Carries out a call on a connection that was idle. */
  void exchange(HttpCall next) {
    take(
        () -> {
          call = next;
          // Before anything may fail: what left for the call before is not this one's.
          socket.begin();
          if (state != State.IDLE || !channel.isOpen()) {
            throw new ClosedChannelException();
          }
          begin(next);
        });
  }

  @Override
  public void ready() {
    take(() -> {});
  }

  @Override
  public void lost(IOException why) {
    take(
        () -> {
          throw why;
        });
  }

  /**
   * Takes one turn. The call hears of its end when the lock was given back: it may begin the next
   * request on the same stack, on any connection.
   */
  private void take(Step first) {
    Runnable end;
    turn.lock();
    try {
      end = turn(first);
    } finally {
      turn.unlock();
    }
    end.run();
  }

  /** Returns how the call ends, which does nothing if it goes on. */
  private Runnable turn(Step first) {
    reader.beginTurn(loop != null);
    try {
      first.run();
      Response response = advance();
      await();
      if (response == null) {
        return () -> {};
      }
      boolean reusable = reader.isReusable();
      return ofCall(ended -> ended.completed(this, response, reusable));
    } catch (Throwable e) {
      close();
      boolean wrote = socket.wrote();
      return ofCall(ended -> ended.failed(e, wrote));
    }
  }

  /** Detaches the call. There is none where an idle connection ends. */
  private Runnable ofCall(Consumer<HttpCall> end) {
    HttpCall ended = call;
    call = null;
    return () -> {
      if (ended != null) {
        end.accept(ended);
      }
    };
  }

  /**
   * Hands the next turn to the I/O thread, as soon as the socket is ready for it. A kept connection
   * waits for bytes before, during and after a request, so most turns change nothing and wake
   * nobody.
   */
  private void await() throws IOException {
    if (loop != null && channel.isOpen()) {
      if (watchedFor != waitsFor) {
        watchedFor = waitsFor;
        loop.watch(this, waitsFor);
      }
      if (takesAnotherTurn || reader.hasMore()) {
        takesAnotherTurn = false;
        loop.again(this);
      }
    }
  }

  /** Takes every step that is possible now; null until the response is complete. */
  private @Nullable Response advance() throws IOException, HttpException {
    if (state == State.CONNECTING && !connected()) {
      return null;
    }
    waitsFor = SelectionKey.OP_READ;
    if (state == State.IDLE) {
      requireNothingArrived();
      return null;
    }
    return state == State.SENDING && !send() ? null : receive();
  }

  /**
   * False while a layer of the connection is missing. The time for the request begins with the
   * last.
   */
  private boolean connected() throws IOException {
    waitsFor = connector.advance();
    writer = connector.writer();
    reader = connector.reader();
    if (waitsFor == 0) {
      HttpCall first = requireNonNull(call);
      first.connected();
      begin(first);
    }
    return waitsFor == 0;
  }

  /**
   * A request begins. What left before, for the tunnel or TLS, is none of it; what arrived before
   * is looked for by {@link #send}, right before the first byte leaves.
   */
  private void begin(HttpCall next) {
    Request request = next.request();
    requests++;
    socket.begin();
    reader.begin(request.method(), request.maxResponseBytes());
    writer.begin(request, route.isForwarded());
    state = State.SENDING;
  }

  /**
   * Writes as much as the socket takes; false while a part of the request is left. Ends as well
   * when the response is whole before, or when the server reads no more: what it wrote before it
   * closed may still be read, and says more than the failed write.
   */
  private boolean send() throws IOException, HttpException {
    if (!socket.wrote()) {
      requireNothingArrived();
      if (isTurnOfCaller() && !RequestWriter.isShort(requireNonNull(call).request())) {
        // Each thread keeps a native buffer as large as the largest of its writes.
        waitsFor = READ_AND_WRITE;
        return false;
      }
    }
    try {
      while (!writer.isDone()) {
        // Between two writes the server may refuse the rest.
        if (loop != null && socket.wrote() && reader.readEarly()) {
          break;
        }
        if (!writer.writeSome()) {
          waitsFor = READ_AND_WRITE;
          return false;
        }
      }
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      if (!socket.wrote()) {
        throw e;
      }
      // Its response may be there.
      reader.markEarly();
    }
    state = State.RECEIVING;
    return true;
  }

  /**
   * The server writes on an idle connection before it closes it, and that must not become the
   * response to a request on its way. A server's end is found here as well, while it is certain
   * that nothing has left.
   */
  private void requireNothingArrived() throws IOException {
    if (hasArrived()) {
      throw new IOException("the server wrote or closed before the request left");
    }
  }

  /** A socket that blocks would wait here for the response to a request that has not left. */
  private boolean hasArrived() throws IOException {
    if (loop != null) {
      return reader.hasArrived();
    }
    channel.configureBlocking(false);
    boolean arrived = reader.hasArrived();
    channel.configureBlocking(true);
    return arrived;
  }

  /** Reads as much as is there; null until it is all. */
  private @Nullable Response receive() throws IOException, HttpException {
    if (isTurnOfCaller()) {
      // A call that completed on its caller's stack could begin the next one there, and so on.
      takesAnotherTurn = reader.isEarly();
      return null;
    }
    try {
      if (!reader.readHead() || !reader.readBody()) {
        return null;
      }
    } catch (IOException e) {
      // A server that refuses a request while it is written may be gone before its words arrive.
      if (!reader.isEarlyRefusal()) {
        throw e;
      }
    }
    state = State.IDLE;
    return reader.response(requests > 1);
  }

  /** Whether the I/O thread can go on, and its work is not to be done here. */
  private boolean isTurnOfCaller() {
    return loop != null && !loop.isHere();
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /**
   * Closes it at once, from any thread and without the lock, which a turn that waits holds. That
   * turn ends by an exception; the state is left to it.
   */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is closed, as far as this end is concerned.
    }
    if (loop != null) {
      loop.wakeUp();
    }
  }
}
