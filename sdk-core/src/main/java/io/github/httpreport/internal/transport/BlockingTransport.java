package io.github.httpreport.internal.transport;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.hc.core5.http.config.Http1Config;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on the thread that wants the answer: no hop to an I/O thread and none back. What the
 * reactor does more safely is left to it: TLS, names that have to be looked up, long bodies, and
 * callers who do not wait.
 */
public final class BlockingTransport implements Transport {

  /** Fits into a socket's buffer: who has to wait while it writes cannot read a refusal. */
  private static final int MAX_BODY = 32 * 1024;

  private final Transport reactor;
  private final TransportSettings settings;
  private final Http1Config http1 = TransportSettings.http1();
  private final IdleConnections<BlockingConnection> idle;
  private final CallRegistry calls;

  public BlockingTransport(Transport reactor, TransportSettings settings, Scheduler timer) {
    this(reactor, settings, timer, ReactorTransport.IDLE_LIMIT);
  }

  public BlockingTransport(
      Transport reactor, TransportSettings settings, Scheduler timer, Duration idleLimit) {
    this.reactor = reactor;
    this.settings = settings;
    idle = new IdleConnections<>(idleLimit, timer);
    calls = new CallRegistry(DaemonThreadFactory.named(settings.name()), timer);
  }

  @Override
  public CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection) {
    return reactor.execute(request, keepConnection);
  }

  @Override
  public CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    return reactor.execute(request, keepConnection, limit);
  }

  @Override
  public CompletableFuture<Response> executeHere(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    Origin origin = request.origin();
    boolean suits = !origin.secure() && request.body().length <= MAX_BODY;
    // A thread with its interrupt flag set finds every connection closed.
    if (suits && !Thread.currentThread().isInterrupted()) {
      BlockingConnection kept = idle.take(origin);
      if (kept != null || Hosts.isLiteral(origin.host())) {
        return calls.start(new Call(request, keepConnection, limit, kept));
      }
    }
    return reactor.execute(request, keepConnection, limit);
  }

  int openCalls() {
    return calls.count();
  }

  @Override
  public void close(Duration timeout) {
    calls.close(idle::close, timeout);
    reactor.close(timeout);
  }

  /** One request. Only {@link #timedOut} and {@link #abandon} come from other threads. */
  private final class Call extends TimedCall {

    private final Request request;
    private final Predicate<Response> keepConnection;
    private final @Nullable BlockingConnection kept;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable ExchangeException cutOff;
    private volatile @Nullable BlockingConnection connection;
    private volatile boolean connected;

    Call(
        Request request,
        Predicate<Response> keepConnection,
        Duration limit,
        @Nullable BlockingConnection kept) {
      super(calls, limit);
      this.request = request;
      this.keepConnection = keepConnection;
      this.kept = kept;
    }

    @Override
    public void start() {
      try {
        Response response = exchange();
        calls.ended(this);
        answer.complete(response);
      } catch (Throwable e) {
        calls.ended(this);
        answer.completeExceptionally(
            e instanceof ExchangeException ? e : ExchangeFailures.lost(request.origin(), e));
      }
    }

    private Response exchange() throws ExchangeException {
      if (kept != null) {
        try {
          return exchange(kept);
        } catch (ExchangeException e) {
          // The server may have closed it just before: nothing left, so start again.
          if (kept.began() || over.get()) {
            throw e;
          }
        }
      }
      return exchange(connect());
    }

    private BlockingConnection connect() throws ExchangeException {
      Origin origin = request.origin();
      connected = false;
      BlockingConnection fresh = null;
      try {
        fresh = BlockingConnection.create(http1);
        begin(fresh, settings.connectTimeout());
        fresh.connect(new InetSocketAddress(InetAddress.getByName(origin.host()), origin.port()));
        if (!fresh.isQuiet()) {
          throw new IOException("the server wrote or closed before the request left");
        }
        return fresh;
      } catch (Throwable e) {
        if (fresh != null) {
          fresh.breakOff();
        }
        throw failure(e);
      }
    }

    private Response exchange(BlockingConnection usable) throws ExchangeException {
      connected = true;
      begin(usable, settings.requestTimeout());
      try {
        Response response = usable.exchange(request);
        boolean wanted = keepConnection.test(response);
        if (over.compareAndSet(false, true) && wanted && usable.mayStayOpen()) {
          idle.keep(request.origin(), usable);
        } else {
          usable.breakOff();
        }
        return response;
      } catch (Throwable e) {
        usable.breakOff();
        throw failure(e);
      }
    }

    private ExchangeException failure(Throwable thrown) {
      Exception cause = ExchangeFailures.asException(thrown);
      ExchangeException known = cutOff;
      BlockingConnection used = connection;
      if (known != null) {
        return known;
      } else if (!connected) {
        return notConnected(settings.whyNotConnected(cause), cause);
      } else if (used == null || !used.began()) {
        return notConnected("closed before the request left", cause);
      } else if (cause instanceof ClosedByInterruptException) {
        return new ExchangeException(
            ExchangeException.Kind.CONNECTION_LOST,
            "interrupted while waiting for " + request.origin().authority(),
            cause);
      }
      return ExchangeFailures.lost(request.origin(), thrown);
    }

    private ExchangeException notConnected(String why, @Nullable Exception cause) {
      return ExchangeFailures.notConnected(request.origin(), why, cause);
    }

    /** From now on the time for a step runs, and another thread can cut it off. */
    private void begin(BlockingConnection next, Duration step) {
      connection = next;
      limitTo(step);
      if (calls.isClosed()) {
        abandon(new IOException("the sender is closed"));
      }
      if (cutOff != null) {
        next.breakOff();
      }
    }

    @Override
    public void timedOut() {
      cutOff(
          connected
              ? ExchangeFailures.timedOut(request.origin(), stepMillis())
              : notConnected("timed out after " + stepMillis() + " ms", null));
    }

    @Override
    public void abandon(IOException why) {
      cutOff(
          connected
              ? ExchangeFailures.lost(request.origin(), why)
              : notConnected(String.valueOf(why.getMessage()), null));
    }

    private void cutOff(ExchangeException error) {
      if (over.compareAndSet(false, true)) {
        cutOff = error;
        BlockingConnection current = connection;
        if (current != null) {
          current.breakOff();
        }
      }
    }
  }
}
