package io.github.httpreport.internal.transport;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request from its start to its response or failure, whichever thread brings it: the caller's,
 * the I/O thread, that of a look-up, or that of the time limits.
 *
 * <p>States: connecting, with the limit of time for that; connected, with that for a request; over.
 * The first that sets {@code over} completes the future, and all others have no effect. A kept
 * connection that the server has closed before anything left leads back to connecting, once.
 */
final class HttpCall implements CallRegistry.Call {

  private final CompletableFuture<Response> answer = new CompletableFuture<>();
  private final HttpTransport transport;
  private final CallRegistry calls;
  private final Request request;
  private final Route route;
  private final Predicate<Response> keepConnection;
  private final CallRegistry.Deadline end;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile boolean blocking;
  private volatile boolean kept;
  private volatile boolean connected;
  private volatile @Nullable Connection connection;
  private volatile CallRegistry.@Nullable Deadline deadline;
  private volatile long stepNanos;
  private volatile Iterator<InetAddress> addresses = List.<InetAddress>of().iterator();

  /** Its time runs from now on. */
  HttpCall(
      HttpTransport transport,
      Request request,
      Predicate<Response> keepConnection,
      Duration limit,
      boolean blocking) {
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
  public CompletableFuture<Response> answer() {
    return answer;
  }

  @Override
  public CallRegistry.@Nullable Deadline deadline() {
    return deadline;
  }

  @Override
  public void start() {
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

  private void connect() {
    kept = false;
    connected = false;
    limitTo(transport.settings().connectTimeout());
    String host = route.firstHop().host();
    if (Hosts.isLiteral(host)) {
      connectTo(host);
    } else {
      // The thread of a look-up must not wait for a response.
      blocking = false;
      transport.names().whenFound(host, () -> connectTo(host));
    }
  }

  private void connectTo(String host) {
    try {
      addresses = List.of(transport.names().addresses(host)).iterator();
      connectToNext();
    } catch (Throwable e) {
      failed(e, false);
    }
  }

  private void connectToNext() throws IOException {
    if (calls.isClosed()) {
      throw new IOException("the sender is closed");
    }
    if (!over.get()) {
      InetAddress address = addresses.next();
      Connection fresh = transport.newConnection(route, blocking);
      begin(fresh);
      fresh.connect(this, new InetSocketAddress(address, route.firstHop().port()));
    }
  }

  /** From now on another thread can end it by closing the connection. */
  private void begin(Connection next) {
    connection = next;
    if (over.get() || calls.isClosed()) {
      next.close();
    }
  }

  /** The connection is there, and the request begins. */
  void connected() {
    limitTo(transport.settings().requestTimeout());
    connected = true;
  }

  /** From now on the time for a step runs, or what is left for the whole if that is less. */
  private void limitTo(Duration step) {
    long time = Math.max(0, Math.min(calls.nanosUntil(end), step.toNanos()));
    CallRegistry.Deadline next = calls.deadlineIn(time);
    stepNanos = time;
    deadline = next;
    calls.watch(next);
  }

  /** The response is there, and its connection is this call's until it is kept or closed. */
  void completed(Connection used, Response response, boolean reusable) {
    if (!over.compareAndSet(false, true)) {
      used.close();
      return;
    }
    try {
      // Asks a protocol, which may be the application's own.
      boolean keep = keepConnection.test(response) && reusable;
      calls.ended(this);
      if (keep) {
        transport.idle(used.isBlocking()).keep(route.key(), used);
      } else {
        used.close();
      }
      answer.complete(response);
    } catch (Throwable e) {
      calls.ended(this);
      used.close();
      answer.completeExceptionally(ExchangeFailures.lost(request.origin(), e));
    }
  }

  /**
   * There is no response on this connection.
   *
   * @param wrote whether anything of the request has left
   */
  void failed(Throwable thrown, boolean wrote) {
    if (over.get()) {
      return;
    }
    Exception cause = ExchangeFailures.asException(thrown);
    if (!connected) {
      connectAgainOrFail(cause);
    } else if (wrote) {
      fail(lost(thrown, cause));
    } else if (kept && !calls.isClosed()) {
      // The server closed the idle connection just before. It may have closed others with it.
      tryTo(this::connect);
    } else {
      // The text of TLS names an alert, such as that a client certificate is wanted.
      String why = cause instanceof SSLException ? cause.getMessage() : null;
      fail(notConnected(why == null ? "closed before the request left" : why, cause));
    }
  }

  private void connectAgainOrFail(Exception cause) {
    if (cause instanceof SocketException && addresses.hasNext()) {
      tryTo(this::connectToNext);
    } else {
      fail(notConnected(transport.settings().whyNotConnected(cause), cause));
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private void tryTo(Step step) {
    try {
      step.run();
    } catch (Throwable e) {
      fail(notConnected(String.valueOf(e.getMessage()), ExchangeFailures.asException(e)));
    }
  }

  private ExchangeException lost(Throwable thrown, Exception cause) {
    return cause instanceof ClosedByInterruptException
        ? new ExchangeException(
            ExchangeException.Kind.CONNECTION_LOST,
            "interrupted while waiting for " + request.origin().authority(),
            cause)
        : ExchangeFailures.lost(request.origin(), thrown);
  }

  private ExchangeException notConnected(String why, @Nullable Exception cause) {
    return ExchangeFailures.notConnected(route, why, cause);
  }

  @Override
  public void timedOut() {
    CallRegistry.Deadline now = deadline;
    if (now == null || calls.nanosUntil(now) > 0) {
      // The next step began meanwhile.
      return;
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(stepNanos);
    fail(
        connected
            ? ExchangeFailures.timedOut(request.origin(), millis)
            : notConnected("timed out after " + millis + " ms", null));
  }

  @Override
  public void abandon(IOException why) {
    fail(
        connected
            ? ExchangeFailures.lost(request.origin(), why)
            : notConnected(String.valueOf(why.getMessage()), why));
  }

  private void fail(ExchangeException error) {
    if (over.compareAndSet(false, true)) {
      calls.ended(this);
      Connection used = connection;
      if (used != null) {
        used.close();
      }
      answer.completeExceptionally(error);
    }
  }
}
