package io.github.httpreport.internal;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
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

/**
 * HTTP/1.1 through a proxy, which takes httpclient5's whole execution chain: absolute request lines
 * and tunnels. Each request has a connection of its own, because the chain decides on reuse before
 * the answer's body tells whether the node will keep the connection.
 */
final class ProxyTransport implements Transport {

  private static final int MAX_CONNECTIONS = 1_000;

  private final TransportSettings settings;
  private final CloseableHttpAsyncClient client;
  private final AtomicBoolean started = new AtomicBoolean();
  private final DaemonThreads threads;
  private final OpenCalls calls;

  ProxyTransport(TransportSettings settings, Origin proxy, Timer timer) {
    this.settings = settings;
    threads = DaemonThreads.named(settings.name() + "-io");
    calls = new OpenCalls(threads, timer);
    Timeout connectTimeout = Timeout.of(settings.connectTimeout());
    client =
        HttpAsyncClients.custom()
            .setProxy(new HttpHost(proxy.secure() ? "https" : "http", proxy.host(), proxy.port()))
            .setThreadFactory(threads)
            .setIOReactorConfig(
                IOReactorConfig.custom().setIoThreadCount(1).setTcpNoDelay(true).build())
            .setDefaultRequestConfig(
                RequestConfig.custom().setResponseTimeout(lastResort(settings)).build())
            .setIoReactorExceptionCallback(calls::sayFailed)
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
    return execute(request, keepConnection, wholeTime());
  }

  @Override
  public CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    if (started.compareAndSet(false, true)) {
      client.start();
    }
    Duration timeout = limit.compareTo(wholeTime()) < 0 ? limit : wholeTime();
    return calls.start(new Call(request, keepConnection, timeout));
  }

  /**
   * Cancelling a request sometimes reaches only its connecting, which the chain says too late is
   * over. Its connection is then closed by this limit, long after the caller was told.
   */
  private static Timeout lastResort(TransportSettings settings) {
    return Timeout.of(settings.connectTimeout().plus(settings.requestTimeout()).multipliedBy(2));
  }

  private Duration wholeTime() {
    return settings.connectTimeout().plus(settings.requestTimeout());
  }

  int openCalls() {
    return calls.count();
  }

  @Override
  public void close(Duration timeout) {
    calls.close(
        () -> {
          // The I/O thread is to close what it has; see HttpTransport. Then the client's own
          // threads end.
          client.initiateShutdown();
          threads.interrupt();
          client.close(CloseMode.IMMEDIATE);
        },
        timeout);
  }

  /** One request and its time limit, connecting to the proxy included. */
  private final class Call implements HttpExchange.Connection, OpenCalls.Call {

    private final CompletableFuture<Response> answer = new CompletableFuture<>();
    private final Request request;
    private final Duration timeout;
    private final HttpExchange exchange;
    private volatile @Nullable Future<Boolean> running;
    private volatile OpenCalls.@Nullable Deadline deadline;

    Call(Request request, Predicate<Response> keepConnection, Duration timeout) {
      this.request = request;
      this.timeout = timeout;
      exchange = HttpExchange.throughChain(request, keepConnection, answer, this);
    }

    @Override
    public CompletableFuture<Response> answer() {
      return answer;
    }

    @Override
    public void start() {
      ChainAdapter adapter = new ChainAdapter(exchange);
      try {
        running = client.execute(adapter, adapter, null);
      } catch (RuntimeException e) {
        exchange.failed(e);
        return;
      }
      OpenCalls.Deadline limit = calls.deadlineIn(timeout.toNanos());
      deadline = limit;
      calls.watch(limit);
      if (answer.isDone()) {
        done(false);
      }
    }

    @Override
    public void abandon() {
      exchange.failed(new IOException("the sender is closed"));
    }

    @Override
    public void done(boolean reusable) {
      calls.ended(this);
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

    @Override
    public OpenCalls.@Nullable Deadline deadline() {
      return deadline;
    }

    @Override
    public void timedOut() {
      exchange.abandon(
          new ExchangeException(
              ExchangeException.Kind.TIMED_OUT,
              "no answer from " + request.origin().authority() + " through the proxy in time",
              null));
    }
  }
}
