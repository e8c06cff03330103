package io.github.httpreport.internal.transport;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request from its start to its response or failure.
 *
 * <p>States: connecting, with the limit of time for that; connected, with that for a request; over.
 * A kept connection that the server has closed before anything left leads back to connecting, once.
 * An address that refuses leads to the next one, within the same limit.
 *
 * <p>One thread at a time takes the call forward, and hands it on with all that it wrote: the
 * caller's, that of a look-up, and whichever has the turn of the connection. Two kinds of threads
 * come across, and read the volatile fields only: that of the time limits and the one that closes
 * the transport. The first of all that sets {@code over} completes the future, and the others have
 * no effect.
 *
 * <p>Who ends a call closes its connection, and the blocked or waiting thread learns of the end by
 * that. A connection may come just then, so {@link #begin} publishes it first and looks for the end
 * second, while the end is set first and the connection looked for second: one of them closes it.
 */
final class HttpCall extends CallRegistry.Call {

  private final HttpTransport transport;
  private final CallRegistry calls;
  private final Request request;
  private final Route route;
  private final Predicate<Response> keepConnection;
  private final boolean blocking;
  private final CallRegistry.Deadline end;
  private final AtomicBoolean over = new AtomicBoolean();

  /** Whether the connection carried another call before, and may have been closed by the server. */
  private boolean kept;

  private Iterator<InetAddress> addresses = Collections.emptyIterator();
  private volatile boolean connected;
  private volatile @Nullable Connection connection;
  private volatile long stepNanos;

  /** Its time runs from now on. */
  HttpCall(
      HttpTransport transport,
      Request request,
      Predicate<Response> keepConnection,
      Duration limit,
      boolean blocking) {
    super(new CompletableFuture<>());
    this.transport = transport;
    this.request = request;
    this.keepConnection = keepConnection;
    this.blocking = blocking;
    calls = transport.calls();
    route = transport.route(request.origin());
    end = calls.deadlineIn(limit.toNanos());
  }

  Request request() {
    return request;
  }

  @Override
  void start() throws IOException {
    // A kept connection needs no look-up and no time for connecting.
    Connection idle = transport.idle(blocking).take(route.key());
    if (idle == null) {
      connect();
    } else {
      kept = true;
      begin(idle);
      connected();
      idle.exchange(this);
    }
  }

  /** Begins from the look-up; the thread that finds the addresses goes on. */
  private void connect() {
    kept = false;
    connected = false;
    try {
      limitTo(transport.settings().connectTimeout());
      transport
          .names()
          .addresses(route.firstHop().host())
          .whenComplete(
              (found, error) -> {
                if (error == null) {
                  addresses = found.iterator();
                  connectToNext();
                } else {
                  failed(error, false);
                }
              });
    } catch (Throwable e) {
      failed(e, false);
    }
  }

  /**
   * Begins on the next address. Each has a connection of its own, since a channel that failed to
   * connect is closed.
   */
  private void connectToNext() {
    try {
      if (calls.isClosed()) {
        throw CallRegistry.whyClosed();
      }
      if (!over.get()) {
        InetAddress address = addresses.next();
        Connection fresh = transport.newConnection(route, blocking);
        begin(fresh);
        fresh.connect(this, new InetSocketAddress(address, route.firstHop().port()));
      }
    } catch (Throwable e) {
      failed(e, false);
    }
  }

  /** From now on another thread can end the call by closing the connection. */
  private void begin(Connection next) {
    connection = next;
    if (over.get() || calls.isClosed()) {
      next.close();
    }
  }

  /**
   * The connection is there, and the request begins.
   *
   * @throws IOException if the call is over, so that nothing leaves
   */
  void connected() throws IOException {
    limitTo(transport.settings().requestTimeout());
    connected = true;
    if (over.get()) {
      throw new IOException("the call has ended");
    }
  }

  /**
   * From now on the time for a step runs, or what is left for the whole if that is less. The
   * deadline is published before the sweep is asked for, which reads it.
   */
  private void limitTo(Duration step) {
    long time = Math.max(0, Math.min(calls.nanosUntil(end), step.toNanos()));
    CallRegistry.Deadline next = calls.deadlineIn(time);
    stepNanos = time;
    deadline = next;
    calls.watch(next);
  }

  /**
   * The response is there, and its connection is this call's until it is kept or closed. That comes
   * before the future completes: what waits for it may send its next request at once, and finds the
   * connection.
   */
  void completed(Connection used, Response whole, boolean reusable) {
    if (!over.compareAndSet(false, true)) {
      used.close();
      return;
    }
    try {
      // Asks a protocol, which may be the application's own.
      boolean keep = keepConnection.test(whole) && reusable;
      calls.ended(this);
      if (keep) {
        transport.idle(blocking).keep(route.key(), used);
      } else {
        used.close();
      }
      response.complete(whole);
    } catch (Throwable e) {
      calls.ended(this);
      used.close();
      response.completeExceptionally(ExchangeFailures.lost(request.origin(), e));
    }
  }

  /**
   * There is no response on this connection.
   *
   * @param wrote whether anything of the request has left; then nothing is tried again here, since
   *     the server may have it
   */
  void failed(Throwable thrown, boolean wrote) {
    if (over.get()) {
      return;
    }
    Exception cause = ExchangeFailures.asException(thrown);
    if (!connected && cause instanceof SocketException && addresses.hasNext()) {
      connectToNext();
    } else if (!connected) {
      fail(() -> notConnected(ConnectFailures.words(cause), cause));
    } else if (wrote) {
      fail(() -> ExchangeFailures.lost(request.origin(), thrown));
    } else if (kept && !calls.isClosed()) {
      // The server closed the idle connection just before. It may have closed others with it.
      connect();
    } else {
      // The text of TLS names an alert, such as that a client certificate is wanted.
      String why = cause instanceof SSLException ? cause.getMessage() : null;
      fail(() -> notConnected(why == null ? "closed before the request left" : why, cause));
    }
  }

  private ExchangeException notConnected(String why, @Nullable Exception cause) {
    return ExchangeFailures.notConnected(route, why, cause);
  }

  /** On the thread of the scheduler, which any thread that takes the call forward may outrun. */
  @Override
  void timedOut() {
    CallRegistry.Deadline now = deadline;
    if (now == null || calls.nanosUntil(now) > 0) {
      // The next step began meanwhile.
      return;
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(stepNanos);
    fail(
        () ->
            connected
                ? ExchangeFailures.timedOut(request.origin(), millis)
                : notConnected("timed out after " + millis + " ms", null));
  }

  @Override
  void abandon(IOException why) {
    fail(
        () ->
            connected
                ? ExchangeFailures.lost(request.origin(), why)
                : notConnected(ConnectFailures.words(why), why));
  }

  /**
   * Ends the call, unless it is over. The connection closes before the future completes: what waits
   * for the future may count sockets, and a blocked caller returns only by that.
   *
   * @param error asked after {@code over} is set, while {@link #connected} looks at {@code over}
   *     after it has set its flag: a request that may leave is never called not connected
   */
  private void fail(Supplier<ExchangeException> error) {
    if (over.compareAndSet(false, true)) {
      ExchangeException failure = error.get();
      calls.ended(this);
      Connection used = connection;
      if (used != null) {
        used.close();
      }
      response.completeExceptionally(failure);
    }
  }
}
