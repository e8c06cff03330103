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
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP/1.1 through a proxy, which takes httpclient5's whole execution chain: absolute request lines
 * and tunnels. Each request has a connection of its own, because the chain decides on reuse before
 * the answer's body tells whether the node will keep the connection.
 */
final class ProxyTransport implements Transport {

  private static final int MAX_CONNECTIONS = 1_000;

  private final TransportSettings settings;
  private final Timer timer;
  private final DaemonThreads threads;
  private final CloseableHttpAsyncClient client;
  private final AtomicBoolean started = new AtomicBoolean();

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
            .setConnectionReuseStrategy((request, response, context) -> false)
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
    call.start(timeout.plus(settings.connectTimeout()));
    return call.answer;
  }

  @Override
  public void close(Duration timeout) {
    // A graceful shutdown would sleep in its select loop for up to a second.
    client.close(CloseMode.IMMEDIATE);
    try {
      threads.join(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One request and its time limit, connecting to the proxy included. */
  private final class Call implements HttpExchange.Connection {

    private final CompletableFuture<Response> answer = new CompletableFuture<>();
    private final Request request;
    private final Predicate<Response> keepConnection;
    private volatile Timer.Scheduled timeLimit = () -> {};

    Call(Request request, Predicate<Response> keepConnection) {
      this.request = request;
      this.keepConnection = keepConnection;
    }

    void start(Duration timeout) {
      HttpExchange exchange = HttpExchange.throughChain(request, keepConnection, answer, this);
      ChainAdapter adapter = new ChainAdapter(exchange);
      Future<Boolean> running;
      try {
        running = client.execute(adapter, adapter, null);
      } catch (RuntimeException e) {
        exchange.failed(e);
        return;
      }
      timeLimit =
          timer.schedule(
              timeout,
              () -> {
                exchange.abandon(timedOut());
                running.cancel(true);
              });
      if (answer.isDone()) {
        timeLimit.cancel();
      }
    }

    @Override
    public void done(boolean reusable) {
      timeLimit.cancel();
    }

    @Override
    public void neverUsed(Exception cause) {
      timeLimit.cancel();
      answer.completeExceptionally(
          new ExchangeException(
              ExchangeException.Kind.NOT_CONNECTED,
              "no connection to " + request.origin().authority() + " through the proxy",
              new IOException("see the proxy")));
    }

    private ExchangeException timedOut() {
      return new ExchangeException(
          ExchangeException.Kind.TIMED_OUT,
          "no answer from " + request.origin().authority() + " through the proxy in time",
          null);
    }
  }
}
