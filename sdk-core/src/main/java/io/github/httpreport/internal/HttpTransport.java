package io.github.httpreport.internal;

import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.nio.ClientHttp1IOEventHandlerFactory;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexerFactory;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP/1.1 on httpclient5's connection pool and I/O reactor, without its execution chain: a request
 * gets one connection to itself, is written as it is, and its answer comes back as it is. Nothing
 * is retried, followed, decompressed or remembered here.
 */
final class HttpTransport implements Transport {

  private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);

  /** A DataProxy writes an answer nobody asked for when idle for 60 s or more, and closes. */
  static final Duration IDLE_LIMIT = Duration.ofSeconds(30);

  private static final Duration UNLIMITED = Duration.ofDays(365);

  private final TransportSettings settings;
  private final Timer timer;
  private final Executor blocking;
  private final Timeout connectTimeout;
  private final PoolingAsyncClientConnectionManager pool;
  private final DefaultConnectingIOReactor reactor;
  private final TlsConfig tlsConfig;
  private final Map<Origin, HttpRoute> routes = new ConcurrentHashMap<>();
  private final IdleConnections<Pooled> idle;
  private final OpenCalls calls;
  private final DaemonThreads threads;
  private final AtomicBoolean started = new AtomicBoolean();

  /**
   * @param blocking runs look-ups of host names, which block
   */
  HttpTransport(TransportSettings settings, Timer timer, Executor blocking) {
    this(settings, timer, blocking, IDLE_LIMIT);
  }

  HttpTransport(TransportSettings settings, Timer timer, Executor blocking, Duration idleLimit) {
    this.settings = settings;
    this.timer = timer;
    this.blocking = blocking;
    idle = new IdleConnections<>(idleLimit, timer);
    connectTimeout = Timeout.of(settings.connectTimeout());
    pool = newPool(settings);
    threads = DaemonThreads.named(settings.name() + "-io");
    calls = new OpenCalls(threads, timer);
    reactor = newReactor(connectTimeout, threads, calls);
    tlsConfig = http1Only(connectTimeout);
  }

  static TlsConfig http1Only(Timeout handshakeTimeout) {
    return TlsConfig.custom()
        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
        .setHandshakeTimeout(handshakeTimeout)
        .build();
  }

  static PoolingAsyncClientConnectionManager newPool(TransportSettings settings) {
    return PoolingAsyncClientConnectionManagerBuilder.create()
        .setTlsStrategy(Tls.strategy(settings.tls()))
        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
        .setConnPoolPolicy(PoolReusePolicy.LIFO)
        .setMaxConnPerRoute(settings.maxConnectionsPerNode())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                .setSocketTimeout(Timeout.DISABLED)
                .setValidateAfterInactivity(TimeValue.NEG_ONE_MILLISECOND)
                .build())
        .build();
  }

  static DefaultConnectingIOReactor newReactor(
      Timeout connectTimeout, DaemonThreads threads, OpenCalls calls) {
    Http1Config http1 = TransportSettings.http1();
    ClientHttp1StreamDuplexerFactory duplexers =
        new ClientHttp1StreamDuplexerFactory(
            HttpProcessorBuilder.create().build(),
            http1,
            CharCodingConfig.DEFAULT,
            null,
            new WholeHeadParserFactory(http1),
            null,
            null);
    return new DefaultConnectingIOReactor(
        new ClientHttp1IOEventHandlerFactory(duplexers, null, connectTimeout),
        IOReactorConfig.custom()
            .setIoThreadCount(1)
            .setTcpNoDelay(true)
            .setSoTimeout(Timeout.DISABLED)
            .build(),
        threads,
        null,
        calls::sayFailed,
        null,
        null);
  }

  @Override
  public CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection) {
    return execute(request, keepConnection, UNLIMITED);
  }

  @Override
  public CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    if (started.compareAndSet(false, true)) {
      reactor.start();
    }
    return calls.start(new Call(request, keepConnection, limit));
  }

  int openCalls() {
    return calls.count();
  }

  @Override
  public void close(Duration timeout) {
    calls.close(this::closeAtOnce, timeout);
    if (threads.areGone()) {
      reactor.close(CloseMode.IMMEDIATE);
    }
  }

  /**
   * Makes the I/O thread close what it has. The reactor's own ways are to sleep in its select loop
   * for up to a second, or to go through the connections on this thread while the other one may be
   * making some, which are then never closed.
   */
  private void closeAtOnce() {
    idle.close();
    pool.close(CloseMode.IMMEDIATE);
    reactor.initiateShutdown();
    threads.interrupt();
  }

  private static HttpRoute route(Origin origin) {
    HttpHost host = new HttpHost(origin.secure() ? "https" : "http", origin.host(), origin.port());
    return new HttpRoute(host, null, origin.secure());
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
      try {
        endpoint.close(CloseMode.IMMEDIATE);
        pool.release(endpoint, null, TimeValue.ZERO_MILLISECONDS);
      } catch (RuntimeException closed) {
        LOG.debug("A connection came back to a closed pool");
      }
    }
  }

  /** One request: gets a connection, then hands over to {@link HttpExchange}. */
  private final class Call
      implements FutureCallback<AsyncConnectionEndpoint>, HttpExchange.Connection, OpenCalls.Call {

    private final CompletableFuture<Response> answer = new CompletableFuture<>();
    private final Request request;
    private final Predicate<Response> keepConnection;
    private final long limitNanos;
    private final long startNanos;
    private volatile @Nullable Pooled connection;
    private final AtomicBoolean connectingIsOver = new AtomicBoolean();
    private volatile long stepNanos;
    private volatile OpenCalls.@Nullable Deadline deadline;
    private volatile boolean reusedConnection;
    private volatile @Nullable HttpExchange exchange;

    Call(Request request, Predicate<Response> keepConnection, Duration limit) {
      this.request = request;
      this.keepConnection = keepConnection;
      limitNanos = limit.toNanos();
      startNanos = timer.nanoTime();
    }

    @Override
    public CompletableFuture<Response> answer() {
      return answer;
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
      HttpRoute route = routes.computeIfAbsent(request.origin(), HttpTransport::route);
      limitConnecting();
      try {
        pool.lease("", route, null, connectTimeout, this);
      } catch (RuntimeException e) {
        failed(e);
      }
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
        } else if (Hosts.isLiteral(request.origin().host())) {
          connect(endpoint);
        } else {
          blocking.execute(() -> connect(endpoint));
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

    private void limitTo(Duration step) {
      long time = timeFor(step.toNanos());
      OpenCalls.Deadline end = calls.deadlineIn(time);
      stepNanos = time;
      deadline = end;
      calls.watch(end);
    }

    private void connected(Pooled leased) {
      if (connectingIsOver.compareAndSet(false, true)) {
        exchange(leased, false);
      } else {
        release(false);
      }
    }

    /** Of the time for one step, what the limit of the whole leaves. */
    private long timeFor(long stepNanos) {
      long left = limitNanos - (timer.nanoTime() - startNanos);
      return Math.max(0, Math.min(left, stepNanos));
    }

    private long stepMillis() {
      return TimeUnit.NANOSECONDS.toMillis(stepNanos);
    }

    private void connect(AsyncConnectionEndpoint leased) {
      try {
        pool.connect(leased, reactor, connectTimeout, tlsConfig, HttpCoreContext.create(), this);
      } catch (RuntimeException e) {
        failed(e);
      }
    }

    private void exchange(Pooled leased, boolean reused) {
      connection = leased;
      reusedConnection = reused;
      HttpExchange started = new HttpExchange(request, keepConnection, reused, answer, this);
      exchange = started;
      limitTo(settings.requestTimeout());
      try {
        leased.endpoint.execute("", started, HttpCoreContext.create());
      } catch (RuntimeException e) {
        started.failed(e);
      }
    }

    @Override
    public void abandon() {
      IOException cause = new IOException("the sender is closed");
      HttpExchange underWay = exchange;
      if (underWay == null) {
        failed(cause);
      } else {
        underWay.failed(cause);
      }
    }

    @Override
    public OpenCalls.@Nullable Deadline deadline() {
      return deadline;
    }

    @Override
    public void timedOut() {
      HttpExchange underWay = exchange;
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
      deadline = null;
      release(false);
      if (reusedConnection && !calls.isClosed()) {
        // The server closed the idle connection just before: nothing left, so start again. It may
        // have closed others with it; a new one is the last.
        connection = null;
        exchange = null;
        lease();
      } else {
        fail(new IOException("closed before the request left", cause));
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
