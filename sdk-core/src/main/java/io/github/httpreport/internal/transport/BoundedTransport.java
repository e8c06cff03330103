package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * A safety net around a transport: every exchange ends in its time, even if the transport loses it.
 *
 * <p>A transport limits its exchanges itself and names the step that took too long. An {@code
 * Error} of the JVM or of a library that lacks a method can strike where the transport cannot tell
 * its caller. An exchange is over with its future; until then it is in {@link CallRegistry}, whose
 * sweep on the scheduler's thread fails the future a moment after the transport should have done
 * so. The first of the two wins, and the later one has no effect: {@link CompletableFuture} is the
 * only state that they share.
 *
 * <p>A response that is there when the transport returns, as for a caller that exchanges on its own
 * thread, costs nothing here. What an exchange holds besides its future, such as a socket, is the
 * transport's to free: a failure from here only frees its caller.
 */
public final class BoundedTransport implements Transport {

  /** Lets the transport, whose error says more, be the first. */
  private static final Duration GRACE = Duration.ofMillis(10);

  /** A request that meets a connection just closed by the server goes through its steps twice. */
  private static final int MAX_ROUNDS = 2;

  private final Transport transport;
  private final Duration longest;
  private final CallRegistry calls;

  public BoundedTransport(
      Transport transport, Duration connectTimeout, Duration requestTimeout, Scheduler scheduler) {
    this.transport = transport;
    longest = connectTimeout.plus(requestTimeout).multipliedBy(MAX_ROUNDS);
    calls = new CallRegistry(scheduler);
  }

  @Override
  public CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    return bounded(request, transport.execute(request, keepConnection, limit), limit);
  }

  @Override
  public CompletableFuture<Response> executeHere(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    return bounded(request, transport.executeHere(request, keepConnection, limit), limit);
  }

  /** Nothing here cuts an exchange short that a limit of the transport's own would end later. */
  private CompletableFuture<Response> bounded(
      Request request, CompletableFuture<Response> response, Duration limit) {
    if (response.isDone()) {
      return response;
    }
    Duration time = limit.compareTo(longest) < 0 ? limit : longest;
    return calls.start(new BoundedCall(request.origin(), response, time.plus(GRACE)));
  }

  int openCalls() {
    return calls.count();
  }

  @Override
  public void close(Duration timeout) {
    calls.close(() -> transport.close(timeout));
  }

  /** An exchange that the transport has not ended yet. */
  private final class BoundedCall extends CallRegistry.Call {

    private final Origin server;
    private final Duration limit;

    BoundedCall(Origin server, CompletableFuture<Response> response, Duration limit) {
      super(response);
      this.server = server;
      this.limit = limit;
    }

    @Override
    void start() {
      // First: a call that could not be watched is abandoned, and leaves the registry by this.
      response.whenComplete((any, error) -> calls.ended(this));
      CallRegistry.Deadline end = calls.deadlineIn(limit.toNanos());
      deadline = end;
      calls.watch(end);
    }

    @Override
    void timedOut() {
      response.completeExceptionally(ExchangeFailures.timedOut(server, limit.toMillis()));
    }

    @Override
    void abandon(IOException why) {
      response.completeExceptionally(ExchangeFailures.lost(server, why));
    }
  }
}
