package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.dns.HostNames;
import io.github.httpreport.internal.dns.Hosts;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/**
 * HTTP/1.1, directly or through a proxy: a request gets a connection to itself, is written as it
 * is, and its response comes back as it is. Nothing is retried, followed, decompressed or
 * remembered here.
 *
 * <p>A caller that waits for its response does the whole exchange on its own thread, on a socket
 * that blocks: no hop to the I/O thread and none back. All other calls share the I/O thread, on
 * sockets that do not block; their requests leave on the calling thread nevertheless. Connections
 * of the two kinds wait apart from each other and are the same otherwise: see {@link Connection}.
 *
 * <p>Has no state of its own: the calls under way are in {@link CallRegistry}, the connections
 * without a call in {@link IdleConnections}, the sockets that wait in {@link EventLoop}. They close
 * in that order, see {@link #close}.
 */
public final class HttpTransport implements Transport {

  /** A DataProxy writes a response without a request when idle for 60 s or more, and closes. */
  static final Duration IDLE_LIMIT = Duration.ofSeconds(30);

  private final TransportSettings settings;
  private final HostNames names;
  private final SSLContext tls;
  private final DaemonThreadFactory threads;
  private final CallRegistry calls;
  private final EventLoop loop;
  private final IdleConnections<Connection> shared;
  private final IdleConnections<Connection> blocking;

  /**
   * @param names looks host names up, and is closed with this
   */
  public HttpTransport(TransportSettings settings, Scheduler scheduler, HostNames names) {
    this(settings, scheduler, names, IDLE_LIMIT);
  }

  HttpTransport(
      TransportSettings settings, Scheduler scheduler, HostNames names, Duration idleLimit) {
    this.settings = settings;
    this.names = names;
    tls = settings.sslContext();
    threads = DaemonThreadFactory.named(settings.name() + "-io");
    calls = new CallRegistry(scheduler);
    loop = new EventLoop(threads);
    shared = new IdleConnections<>(idleLimit, scheduler);
    blocking = new IdleConnections<>(idleLimit, scheduler);
  }

  @Override
  public CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    return calls.start(new HttpCall(this, request, keepConnection, limit, false));
  }

  /**
   * On the calling thread, unless that would block for more than the server: a long body, whose
   * early response only the I/O thread looks for; a name to look up; and a thread whose interrupt
   * flag is set already, which would close the socket at once.
   */
  @Override
  public CompletableFuture<Response> executeHere(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    boolean here =
        RequestWriter.isShort(request)
            && Hosts.isLiteral(route(request.origin()).firstHop().host())
            && !Thread.currentThread().isInterrupted();
    return calls.start(new HttpCall(this, request, keepConnection, limit, here));
  }

  TransportSettings settings() {
    return settings;
  }

  HostNames names() {
    return names;
  }

  CallRegistry calls() {
    return calls;
  }

  int openCalls() {
    return calls.count();
  }

  Route route(Origin server) {
    return new Route(server, settings.proxy());
  }

  /** A connection serves one kind of caller for its whole life: its socket blocks or does not. */
  IdleConnections<Connection> idle(boolean isBlocking) {
    return isBlocking ? blocking : shared;
  }

  Connection newConnection(Route route, boolean isBlocking) throws IOException {
    return new Connection(route, tls, isBlocking ? null : loop);
  }

  /**
   * Refuses new calls first, so that none takes a connection or starts a thread behind this one;
   * ends the calls when nothing carries them any more; waits for the I/O thread last.
   */
  @Override
  public void close(Duration timeout) {
    calls.close(
        () -> {
          shared.close();
          blocking.close();
          loop.close();
          names.close();
        });
    try {
      threads.join(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
