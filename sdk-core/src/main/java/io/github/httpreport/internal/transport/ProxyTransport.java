package io.github.httpreport.internal.transport;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.RouteInfo;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 through a proxy: with the node's whole address in the request, or through a tunnel for a
 * node that speaks TLS. Not with httpclient5's execution chain, which has a log that shows every
 * byte to whoever turns it on. Each request has a connection of its own.
 */
public final class ProxyTransport implements Transport {

  private final TransportSettings settings;
  private final HttpHost proxy;
  private final Connector pool;
  private final CallRegistry calls;

  /**
   * @param names looks the proxy's name up, and is closed with this
   */
  public ProxyTransport(
      TransportSettings settings, Origin proxy, Scheduler timer, HostNames names) {
    this.settings = settings;
    this.proxy = Connector.host(proxy);
    pool = new Connector(settings, timer, names, () -> {});
    calls = pool.calls();
  }

  @Override
  public CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection) {
    return execute(request, keepConnection, wholeTime());
  }

  @Override
  public CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    return pool.start(new Call(request, keepConnection, limit));
  }

  private Duration wholeTime() {
    return settings.connectTimeout().plus(settings.requestTimeout());
  }

  int openCalls() {
    return calls.count();
  }

  @Override
  public void close(Duration timeout) {
    pool.close(() -> {}, timeout);
  }

  /** One request and its time limit, connecting to the proxy included. */
  private final class Call extends TimedCall implements ReactorExchange.Connection {

    private final Request request;
    private final ReactorExchange exchange;
    private final AtomicBoolean connectingIsOver = new AtomicBoolean();
    private volatile @Nullable AsyncConnectionEndpoint endpoint;
    private volatile boolean connecting;
    private volatile boolean over;

    Call(Request request, Predicate<Response> keepConnection, Duration limit) {
      super(calls, limit);
      this.request = request;
      exchange =
          request.origin().secure()
              ? new ReactorExchange(request, keepConnection, false, answer, this)
              : ReactorExchange.withProxy(request, keepConnection, answer, this);
    }

    @Override
    public void start() {
      limitTo(wholeTime());
      pool.lease(route(), then(this::leased));
    }

    private HttpRoute route() {
      boolean secure = request.origin().secure();
      return new HttpRoute(
          Connector.host(request.origin()),
          null,
          proxy,
          secure,
          secure ? RouteInfo.TunnelType.TUNNELLED : RouteInfo.TunnelType.PLAIN,
          secure ? RouteInfo.LayerType.LAYERED : RouteInfo.LayerType.PLAIN);
    }

    private void leased(AsyncConnectionEndpoint leased) {
      connecting = true;
      endpoint = leased;
      if (over) {
        connecting = false;
        release();
      } else {
        pool.connect(leased, proxy.getHostName(), then(this::connected));
      }
    }

    private void connected(AsyncConnectionEndpoint connection) {
      connecting = false;
      if (over) {
        release();
      } else if (request.origin().secure()) {
        ConnectTunnel tunnel =
            new ConnectTunnel(
                request.origin(), then(opened -> pool.upgrade(connection, then(this::exchange))));
        step(() -> connection.execute("", tunnel, HttpCoreContext.create()));
      } else {
        exchange(connection);
      }
    }

    private void exchange(AsyncConnectionEndpoint connection) {
      if (connectingIsOver.compareAndSet(false, true)) {
        step(() -> connection.execute("", exchange, HttpCoreContext.create()));
      } else {
        release();
      }
    }

    private void step(Runnable step) {
      try {
        step.run();
      } catch (Throwable e) {
        brokeOff(ExchangeFailures.asException(e));
      }
    }

    private <T> FutureCallback<T> then(Consumer<T> next) {
      return new FutureCallback<>() {
        @Override
        public void completed(T result) {
          next.accept(result);
        }

        @Override
        public void failed(Exception cause) {
          brokeOff(cause);
        }

        @Override
        public void cancelled() {
          brokeOff(new IOException("cancelled"));
        }
      };
    }

    private void brokeOff(Exception cause) {
      connecting = false;
      exchange.abort(cause);
      release();
    }

    @Override
    public void abandon(IOException why) {
      exchange.abort(why);
    }

    @Override
    public void done(boolean reusable) {
      calls.ended(this);
      over = true;
      // The pool forgets a connection that is given back before it is made.
      if (!connecting) {
        release();
      }
    }

    private void release() {
      AsyncConnectionEndpoint leased = endpoint;
      if (leased != null) {
        pool.close(leased);
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
                  + settings.whyNotConnected(cause)
                  + (ConnectFailures.isOfAddress(cause) ? " by " + proxy.toHostString() : ""),
              cause));
    }

    @Override
    public void timedOut() {
      if (connectingIsOver.compareAndSet(false, true)) {
        exchange.abort(new IOException("timed out after " + stepMillis() + " ms"));
        return;
      }
      exchange.abandon(
          new ExchangeException(
              ExchangeException.Kind.TIMED_OUT,
              "no answer from " + request.origin().authority() + " through the proxy in time",
              null));
    }
  }
}
