package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.ssl.SSLIOSession;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * httpclient5's pool of connections with the I/O thread that serves them, for HTTP/1.1. Whatever
 * cannot be done is told to the callback, and thrown to nobody.
 */
final class Connector {

  private static final Logger LOG = LoggerFactory.getLogger(Connector.class);

  private final HostNames names;
  private final Timeout connectTimeout;
  private final TlsConfig tlsConfig;
  private final PoolingAsyncClientConnectionManager pool;
  private final ReplaceableReactor reactor;
  private final DaemonThreadFactory threads;
  private final CallRegistry calls;

  /**
   * @param names looks host names up, and is closed with the pool
   * @param lost forgets connections that wait, because the I/O thread under them is gone
   */
  Connector(TransportSettings settings, Scheduler timer, HostNames names, Runnable lost) {
    this.names = names;
    connectTimeout = Timeout.of(settings.connectTimeout());
    pool = newPool(settings, names);
    threads = DaemonThreadFactory.named(settings.name() + "-io");
    calls = new CallRegistry(threads, timer);
    reactor = new ReplaceableReactor(threads, this::newReactor, why -> lost(lost, why));
    tlsConfig =
        TlsConfig.custom()
            .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
            .setHandshakeTimeout(connectTimeout)
            .build();
  }

  private static PoolingAsyncClientConnectionManager newPool(
      TransportSettings settings, HostNames names) {
    return PoolingAsyncClientConnectionManagerBuilder.create()
        .setTlsStrategy(Tls.strategy(settings.tls()))
        .setDnsResolver(names.resolver())
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

  private void lost(Runnable first, IOException why) {
    try {
      first.run();
    } finally {
      calls.abandonAll(why);
    }
  }

  private DefaultConnectingIOReactor newReactor(ThreadFactory factory) {
    Http1Config http1 = TransportSettings.http1();
    StrictResponseParserFactory parsers = new StrictResponseParserFactory(http1);
    return new DefaultConnectingIOReactor(
        (session, attachment) -> DirectEvents.create(session, http1, parsers),
        IOReactorConfig.custom()
            .setIoThreadCount(1)
            .setTcpNoDelay(true)
            .setSoTimeout(Timeout.DISABLED)
            .build(),
        factory,
        session ->
            session instanceof SSLIOSession secure
                ? new TlsSession(secure)
                : new DirectSession(session),
        calls::sayFailed,
        null,
        null);
  }

  static HttpHost host(Origin origin) {
    return new HttpHost(RequestHeaders.scheme(origin), origin.host(), origin.port());
  }

  /** Those that have no answer yet. */
  CallRegistry calls() {
    return calls;
  }

  CompletableFuture<Response> start(CallRegistry.Call call) {
    return calls.start(call);
  }

  /** Gets a place for a connection, which the caller gives back with {@link #close}. */
  void lease(HttpRoute route, FutureCallback<AsyncConnectionEndpoint> then) {
    orFail(then, () -> pool.lease("", route, null, connectTimeout, guarded(then)));
  }

  /**
   * Connects what was leased.
   *
   * @param firstHop what is connected to, the node or a proxy
   */
  void connect(
      AsyncConnectionEndpoint leased,
      String firstHop,
      FutureCallback<AsyncConnectionEndpoint> then) {
    if (Hosts.isLiteral(firstHop)) {
      connect(leased, then);
    } else {
      orFail(then, () -> names.whenFound(firstHop, () -> connect(leased, then)));
    }
  }

  /** On a thread of the look-ups, which drops what is thrown there: every step is in the guard. */
  private void connect(
      AsyncConnectionEndpoint leased, FutureCallback<AsyncConnectionEndpoint> then) {
    orFail(
        then,
        () ->
            pool.connect(
                leased,
                reactor.get(),
                connectTimeout,
                tlsConfig,
                HttpCoreContext.create(),
                guarded(then)));
  }

  /** Speaks TLS from now on with whom a tunnel leads to. */
  void upgrade(AsyncConnectionEndpoint tunnel, FutureCallback<AsyncConnectionEndpoint> then) {
    orFail(then, () -> pool.upgrade(tunnel, tlsConfig, HttpCoreContext.create(), guarded(then)));
  }

  /** What a callback throws must not reach the I/O thread, and is its own failure. */
  private static <T> FutureCallback<T> guarded(FutureCallback<T> then) {
    return new FutureCallback<>() {
      @Override
      public void completed(T result) {
        orFail(then, () -> then.completed(result));
      }

      @Override
      public void failed(Exception cause) {
        then.failed(cause);
      }

      @Override
      public void cancelled() {
        then.cancelled();
      }
    };
  }

  private static void orFail(FutureCallback<?> then, Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      then.failed(ExchangeFailures.asException(e));
    }
  }

  /** Closes a connection and gives its place back. Not while it is connecting. */
  void close(AsyncConnectionEndpoint leased) {
    try {
      leased.close(CloseMode.IMMEDIATE);
      pool.release(leased, null, TimeValue.ZERO_MILLISECONDS);
    } catch (Throwable closed) {
      LOG.debug("A connection came back to a closed pool", closed);
    }
  }

  /**
   * Closes everything, and waits for the I/O thread at most this long.
   *
   * @param first is done once no call begins any more
   */
  void close(Runnable first, Duration timeout) {
    calls.close(
        () -> {
          first.run();
          closeAtOnce();
        },
        timeout);
    names.close();
    if (threads.areGone()) {
      reactor.closeAtOnce();
    }
  }

  /**
   * Makes the I/O thread close what it has. The reactor's own ways are to sleep in its select loop
   * for up to a second, or to go through the connections on this thread while the other one may be
   * making some, which are then never closed.
   */
  private void closeAtOnce() {
    pool.close(CloseMode.IMMEDIATE);
    reactor.initiateShutdown();
  }
}
