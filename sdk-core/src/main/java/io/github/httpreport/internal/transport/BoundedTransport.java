package io.github.httpreport.internal.transport;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A safety net around a transport: every exchange ends in its time, even if the transport loses it.
 *
 * <p>A transport limits its exchanges itself and names the step that took too long. An {@code
 * Error} of the JVM or of a library that lacks a method can strike where the transport cannot tell
 * its caller. An exchange is over with its future; until then it is in {@link CallRegistry}, whose
 * sweep on the timer's thread fails the future a moment after the transport should have done so.
 * The first of the two wins, and the later one has no effect. An answer that is there when the
 * transport returns, as for a caller that exchanges on its own thread, costs nothing here.
 */
public final class BoundedTransport implements Transport {

  /** Lets the transport, whose error says more, be the first. */
  private static final long GRACE_MILLIS = 10;

  /** A request that meets a connection just closed by the server goes through its steps twice. */
  private static final int MAX_ROUNDS = 2;

  private final Transport transport;
  private final Duration longest;
  private final CallRegistry calls;

  public BoundedTransport(
      Transport transport, Duration connectTimeout, Duration requestTimeout, Scheduler timer) {
    this.transport = transport;
    longest = connectTimeout.plus(requestTimeout).multipliedBy(MAX_ROUNDS);
    calls = new CallRegistry(DaemonThreadFactory.named("none"), timer);
  }

  @Override
  public CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection) {
    return bounded(request, transport.execute(request, keepConnection), longest);
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

  private CompletableFuture<Response> bounded(
      Request request, CompletableFuture<Response> answer, Duration limit) {
    if (answer.isDone()) {
      return answer;
    }
    Duration time = limit.compareTo(longest) < 0 ? limit : longest;
    return calls.start(new Call(request, answer, time.toMillis() + GRACE_MILLIS));
  }

  int openCalls() {
    return calls.count();
  }

  @Override
  public void close(Duration timeout) {
    try {
      transport.close(timeout);
    } finally {
      calls.close(() -> {}, Duration.ZERO);
    }
  }

  /** One exchange that has no answer yet. */
  private final class Call
      implements CallRegistry.Call, BiConsumer<@Nullable Response, @Nullable Throwable> {

    private final Request request;
    private final CompletableFuture<Response> answer;
    private final long limitMillis;
    private final CallRegistry.Deadline deadline;

    Call(Request request, CompletableFuture<Response> answer, long limitMillis) {
      this.request = request;
      this.answer = answer;
      this.limitMillis = limitMillis;
      deadline = calls.deadlineIn(TimeUnit.MILLISECONDS.toNanos(limitMillis));
    }

    @Override
    public CompletableFuture<Response> answer() {
      return answer;
    }

    @Override
    public void start() {
      answer.whenComplete(this);
      calls.watch(deadline);
    }

    /** Is the callback itself: a lambda for each request would be one more object. */
    @Override
    public void accept(@Nullable Response response, @Nullable Throwable error) {
      calls.ended(this);
    }

    @Override
    public CallRegistry.Deadline deadline() {
      return deadline;
    }

    @Override
    public void timedOut() {
      fail(ExchangeFailures.timedOut(request.origin(), limitMillis));
    }

    @Override
    public void abandon(IOException why) {
      fail(ExchangeFailures.lost(request.origin(), why));
    }

    private void fail(ExchangeException error) {
      answer.completeExceptionally(error);
    }
  }
}
