package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on httpclient5's connection pool and I/O reactor, without its execution chain: a request
 * gets one connection to itself, is written as it is, and its answer comes back as it is. Nothing
 * is retried, followed, decompressed or remembered here.
 */
public final class ReactorTransport implements Transport {

  /** A DataProxy writes an answer nobody asked for when idle for 60 s or more, and closes. */
  static final Duration IDLE_LIMIT = Duration.ofSeconds(30);

  private static final Duration UNLIMITED = Duration.ofDays(365);

  private final TransportSettings settings;
  private final Connector pool;
  private final CallRegistry calls;
  private final Map<Origin, HttpRoute> routes = new ConcurrentHashMap<>();
  private final IdleConnections<Pooled> idle;

  /**
   * @param names looks host names up, and is closed with this
   */
  public ReactorTransport(TransportSettings settings, Scheduler timer, HostNames names) {
    this(settings, timer, names, IDLE_LIMIT);
  }

  public ReactorTransport(
      TransportSettings settings, Scheduler timer, HostNames names, Duration idleLimit) {
    this.settings = settings;
    idle = new IdleConnections<>(idleLimit, timer);
    pool = new Connector(settings, timer, names, idle::closeAll);
    calls = pool.calls();
  }

  @Override
  public CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection) {
    return execute(request, keepConnection, UNLIMITED);
  }

  @Override
  public CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    return pool.start(new Call(request, keepConnection, limit));
  }

  int openCalls() {
    return calls.count();
  }

  @Override
  public void close(Duration timeout) {
    pool.close(idle::close, timeout);
  }

  private static HttpRoute route(Origin origin) {
    return new HttpRoute(Connector.host(origin), null, origin.secure());
  }

  /**
   * A connection that stays leased from the pool for as long as it lives: a lease for each request
   * would be most of what a request costs here.
   */
  private final class Pooled implements IdleConnections.Connection {
    private final AsyncConnectionEndpoint endpoint;

    Pooled(AsyncConnectionEndpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public boolean isQuiet() {
      return endpoint.isConnected();
    }

    @Override
    public void breakOff() {
      pool.close(endpoint);
    }
  }

  /** One request: gets a connection, then hands over to {@link ReactorExchange}. */
  private final class Call extends TimedCall
      implements FutureCallback<AsyncConnectionEndpoint>, ReactorExchange.Connection {

    private final Request request;
    private final Predicate<Response> keepConnection;
    private volatile @Nullable Pooled connection;
    private final AtomicBoolean connectingIsOver = new AtomicBoolean();
    private volatile boolean reusedConnection;
    private volatile @Nullable ReactorExchange exchange;

    Call(Request request, Predicate<Response> keepConnection, Duration limit) {
      super(calls, limit);
      this.request = request;
      this.keepConnection = keepConnection;
    }

    @Override
    public void start() {
      Pooled kept = idle.take(request.origin());
      if (kept == null) {
        lease();
      } else {
        exchange(kept, true);
      }
    }

    private void lease() {
      HttpRoute route = routes.computeIfAbsent(request.origin(), ReactorTransport::route);
      limitConnecting();
      pool.lease(route, this);
    }

    /** Called twice: with a connection that is leased, and when it is connected. */
    @Override
    public void completed(AsyncConnectionEndpoint endpoint) {
      Pooled leased = connection;
      if (leased == null) {
        leased = new Pooled(endpoint);
        connection = leased;
        if (connectingIsOver.get()) {
          release(false);
        } else {
          pool.connect(endpoint, request.origin().host(), this);
        }
      } else {
        connected(leased);
      }
    }

    /** The pool's own limits begin with each of its steps, and after the look-up of the name. */
    private void limitConnecting() {
      connectingIsOver.set(false);
      limitTo(settings.connectTimeout());
    }

    private void connected(Pooled leased) {
      if (connectingIsOver.compareAndSet(false, true)) {
        exchange(leased, false);
      } else {
        release(false);
      }
    }

    private void exchange(Pooled leased, boolean reused) {
      connection = leased;
      reusedConnection = reused;
      ReactorExchange started = new ReactorExchange(request, keepConnection, reused, answer, this);
      exchange = started;
      limitTo(settings.requestTimeout());
      try {
        leased.endpoint.execute("", started, HttpCoreContext.create());
      } catch (Throwable e) {
        started.abort(ExchangeFailures.asException(e));
      }
    }

    @Override
    public void abandon(IOException cause) {
      ReactorExchange underWay = exchange;
      if (underWay == null) {
        failed(cause);
      } else {
        underWay.abort(cause);
      }
    }

    @Override
    public void timedOut() {
      ReactorExchange underWay = exchange;
      if (underWay != null) {
        underWay.abandon(ExchangeFailures.timedOut(request.origin(), stepMillis()));
      } else if (connectingIsOver.compareAndSet(false, true)) {
        // The connection is given back when the pool has done with it, one way or another.
        fail(new IOException("timed out after " + stepMillis() + " ms"));
      }
    }

    @Override
    public void done(boolean reusable) {
      calls.ended(this);
      release(reusable);
    }

    @Override
    public void neverUsed(Exception cause) {
      unlimit();
      release(false);
      if (reusedConnection && !calls.isClosed()) {
        // The server closed the idle connection just before: nothing left, so start again. It may
        // have closed others with it; a new one is the last.
        connection = null;
        exchange = null;
        leaseAgain();
      } else {
        fail(new IOException("closed before the request left", cause));
      }
    }

    /** The exchange that ended has nobody left to tell of an error. */
    private void leaseAgain() {
      try {
        lease();
      } catch (Throwable e) {
        failed(ExchangeFailures.asException(e));
      }
    }

    private void release(boolean reusable) {
      Pooled used = connection;
      if (used == null) {
        return;
      }
      if (reusable) {
        idle.keep(request.origin(), used);
      } else {
        used.breakOff();
      }
    }

    @Override
    public void failed(Exception cause) {
      release(false);
      fail(cause);
    }

    @Override
    public void cancelled() {
      failed(new IOException("cancelled"));
    }

    private void fail(Exception cause) {
      calls.ended(this);
      answer.completeExceptionally(
          ExchangeFailures.notConnected(request.origin(), settings.whyNotConnected(cause), cause));
    }
  }
}
