package io.github.httpreport.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.dns.HostNames;
import io.github.httpreport.internal.dns.Hosts;
import io.github.httpreport.testsupport.ScriptedServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A transport on time that a test moves, and what tests ask of it. */
final class TransportFixture implements AutoCloseable {

  static final String NAME = "wire-test";
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  static final Predicate<Response> KEEP = response -> true;
  static final Predicate<Response> CLOSE = response -> false;

  private static final long PATIENCE_SECONDS = 10;

  /** Looks each name up at once, on the thread that asks. */
  static final HostNames LOOK_UP_HERE =
      host -> {
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        lookUp(host, found);
        return found;
      };

  /** Looks no name up before the test runs the task. */
  static HostNames lookUpLater(Collection<Runnable> lookUps) {
    return host -> {
      if (Hosts.isLiteral(host)) {
        return LOOK_UP_HERE.addresses(host);
      }
      CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
      lookUps.add(() -> lookUp(host, found));
      return found;
    };
  }

  private static void lookUp(String host, CompletableFuture<List<InetAddress>> found) {
    try {
      found.complete(List.of(InetAddress.getAllByName(host)));
    } catch (UnknownHostException e) {
      found.completeExceptionally(e);
    }
  }

  /** Where the exchanges of a fixture are done. */
  enum Kind {
    /** On the I/O thread, for callers that do not wait. */
    SHARED,
    /** On a thread for each, which waits. */
    BLOCKING
  }

  final ManualScheduler timer = new ManualScheduler();
  final Transport transport;
  private final HttpTransport http;

  private TransportFixture(Kind kind, TransportSettings settings, Duration idleLimit) {
    http = new HttpTransport(settings, timer, LOOK_UP_HERE, idleLimit);
    transport = kind == Kind.SHARED ? http : new OnOwnThreads(http);
  }

  static TransportFixture create(Kind kind) {
    return connectingWithin(CONNECT_TIMEOUT, kind);
  }

  static TransportFixture connectingWithin(Duration connectTimeout, Kind kind) {
    return new TransportFixture(kind, settings(null, connectTimeout), HttpTransport.IDLE_LIMIT);
  }

  static TransportFixture withTls(@Nullable TlsSettings tls, Kind kind) {
    return new TransportFixture(kind, settings(tls, CONNECT_TIMEOUT), HttpTransport.IDLE_LIMIT);
  }

  static TransportFixture idleFor(Duration idleLimit, Kind kind) {
    return new TransportFixture(kind, settings(null, CONNECT_TIMEOUT), idleLimit);
  }

  int openCalls() {
    return http.openCalls();
  }

  static TransportSettings settings(@Nullable TlsSettings tls, Duration connectTimeout) {
    return settings(tls, connectTimeout, null);
  }

  static TransportSettings settings(
      @Nullable TlsSettings tls, Duration connectTimeout, @Nullable Origin proxy) {
    return new TransportSettings(NAME, connectTimeout, REQUEST_TIMEOUT, tls, proxy);
  }

  static Request get(ScriptedServer server) {
    return Request.get(server.origin(), "/").build();
  }

  static Request post(ScriptedServer server, String body) {
    return Request.post(server.origin(), "/dataproxy/message")
        .body(body.getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded")
        .build();
  }

  CompletableFuture<Response> send(Request request) {
    return transport.execute(request, KEEP);
  }

  Response exchange(Request request) {
    return answer(send(request));
  }

  Response exchange(Request request, Predicate<Response> keepConnection) {
    return answer(transport.execute(request, keepConnection));
  }

  ExchangeException failure(Request request) {
    return failure(send(request));
  }

  static Response answer(CompletableFuture<Response> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  static ExchangeException failure(CompletableFuture<Response> future) {
    try {
      Response response = future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("an answer: " + response + " " + response.text());
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(ExchangeException.class);
      return (ExchangeException) e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("neither answer nor failure", e);
    }
  }

  static ConditionFactory await() {
    return Awaitility.await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5));
  }

  /** Threads that belong to transports of {@link #NAME}. */
  static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(NAME + '-'))
        .count();
  }

  @Override
  public void close() {
    transport.close(Duration.ofSeconds(5));
  }

  /** Callers that wait, so that the test need not. */
  private record OnOwnThreads(HttpTransport http) implements Transport {

    @Override
    public CompletableFuture<Response> execute(
        Request request, Predicate<Response> keepConnection) {
      return execute(request, keepConnection, Duration.ofDays(1));
    }

    @Override
    public CompletableFuture<Response> execute(
        Request request, Predicate<Response> keepConnection, Duration limit) {
      CompletableFuture<Response> answer = new CompletableFuture<>();
      Thread caller =
          new Thread(
              () ->
                  http.executeHere(request, keepConnection, limit)
                      .whenComplete(
                          (response, error) -> {
                            if (error == null) {
                              answer.complete(response);
                            } else {
                              answer.completeExceptionally(error);
                            }
                          }));
      caller.setDaemon(true);
      caller.start();
      return answer;
    }

    @Override
    public void close(Duration timeout) {
      http.close(timeout);
    }
  }
}
