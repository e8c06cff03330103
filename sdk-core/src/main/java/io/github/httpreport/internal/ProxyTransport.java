package io.github.httpreport.internal;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP/1.1 through a proxy, which takes httpclient5's whole execution chain: absolute request lines
 * and tunnels. Each request has a connection of its own, because the chain decides on reuse before
 * the answer's body tells whether the node will keep the connection.
 */
final class ProxyTransport implements Transport {

  private static final Logger LOG = LoggerFactory.getLogger(ProxyTransport.class);
  private static final int MAX_CONNECTIONS = 1_000;

  private final TransportSettings settings;
  private final Timer timer;
  private final DaemonThreads threads;
  private final CloseableHttpAsyncClient client;
  private final AtomicBoolean started = new AtomicBoolean();
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  ProxyTransport(TransportSettings settings, Origin proxy, Timer timer) {
    this.settings = settings;
    this.timer = timer;
    threads = DaemonThreads.named(settings.name() + "-io");
    Timeout connectTimeout = Timeout.of(settings.connectTimeout());
    client =
        HttpAsyncClients.custom()
            .setProxy(new HttpHost(proxy.secure() ? "https" : "http", proxy.host(), proxy.port()))
            .setThreadFactory(threads)
            .setIOReactorConfig(
                IOReactorConfig.custom().setIoThreadCount(1).setTcpNoDelay(true).build())
            .setIoReactorExceptionCallback(this::sayFailed)
            .setConnectionManager(
                PoolingAsyncClientConnectionManagerBuilder.create()
                    .setTlsStrategy(Tls.strategy(settings.tls()))
                    .setMaxConnPerRoute(settings.maxConnectionsPerNode())
                    .setMaxConnTotal(MAX_CONNECTIONS)
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(connectTimeout)
                            .setSocketTimeout(Timeout.DISABLED)
                            .build())
                    .setDefaultTlsConfig(
                        TlsConfig.custom()
                            .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                            .setHandshakeTimeout(connectTimeout)
                            .build())
                    .build())
            // A tunnel must outlive the request that makes it.
            .setConnectionReuseStrategy(
                (request, response, context) -> Method.CONNECT.isSame(request.getMethod()))
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableContentCompression()
            .disableAuthCaching()
            .build();
  }

  @Override
  public CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection) {
    return execute(request, keepConnection, settings.requestTimeout());
  }

  @Override
  public CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection, Duration timeout) {
    if (started.compareAndSet(false, true)) {
      client.start();
    }
    Call call = new Call(request, keepConnection);
    calls.add(call);
    call.answer.whenComplete((response, error) -> calls.remove(call));
    call.start(timeout.plus(settings.connectTimeout()));
    if (closed) {
      call.abandon();
    }
    return call.answer;
  }

  @Override
  public void close(Duration timeout) {
    closed = true;
    // A graceful shutdown would sleep in its select loop for up to a second.
    client.close(CloseMode.IMMEDIATE);
    // It does not tell them all by itself.
    calls.forEach(Call::abandon);
    try {
      threads.join(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sayFailed(Exception error) {
    // A reactor that is closed at once stumbles over its own closed selector.
    if (!closed) {
      LOG.error("The I/O reactor failed", error);
    }
  }

  /** One request and its time limit, connecting to the proxy included. */
  private final class Call implements HttpExchange.Connection {

    private final CompletableFuture<Response> answer = new CompletableFuture<>();
    private final Request request;
    private final HttpExchange exchange;
    private volatile @Nullable Future<Boolean> running;
    private volatile Timer.Scheduled timeLimit = () -> {};

    Call(Request request, Predicate<Response> keepConnection) {
      this.request = request;
      exchange = HttpExchange.throughChain(request, keepConnection, answer, this);
    }

    void start(Duration timeout) {
      ChainAdapter adapter = new ChainAdapter(exchange);
      try {
        running = client.execute(adapter, adapter, null);
      } catch (RuntimeException e) {
        exchange.failed(e);
        return;
      }
      timeLimit = timer.schedule(timeout, () -> exchange.abandon(timedOut()));
      if (answer.isDone()) {
        done(false);
      }
    }

    /** The transport is closed. */
    void abandon() {
      exchange.failed(new IOException("the sender is closed"));
    }

    @Override
    public void done(boolean reusable) {
      timeLimit.cancel();
      Future<Boolean> underWay = running;
      if (!reusable && underWay != null) {
        // Otherwise the chain would read an answer to its end that nobody wants any more.
        underWay.cancel(true);
      }
    }

    @Override
    public void neverUsed(Exception cause) {
      done(false);
      answer.completeExceptionally(
          new ExchangeException(
              ExchangeException.Kind.NOT_CONNECTED,
              "no connection to "
                  + request.origin().authority()
                  + " through the proxy: "
                  + settings.whyNotConnected(cause),
              cause));
    }

    private ExchangeException timedOut() {
      return new ExchangeException(
          ExchangeException.Kind.TIMED_OUT,
          "no answer from " + request.origin().authority() + " through the proxy in time",
          null);
    }
  }
}
