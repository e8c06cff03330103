package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A call with a limit of time for the whole, of which each step may take a part. */
abstract class TimedCall implements CallRegistry.Call {

  final CompletableFuture<Response> answer = new CompletableFuture<>();
  private final CallRegistry calls;
  private final CallRegistry.Deadline end;
  private volatile CallRegistry.@Nullable Deadline deadline;
  private volatile long stepNanos;

  /** Its time runs from now on. */
  TimedCall(CallRegistry calls, Duration limit) {
    this.calls = calls;
    end = calls.deadlineIn(limit.toNanos());
  }

  /** From now on the time for a step runs, or what is left for the whole if that is less. */
  final void limitTo(Duration step) {
    long time = Math.max(0, Math.min(calls.nanosUntil(end), step.toNanos()));
    CallRegistry.Deadline next = calls.deadlineIn(time);
    stepNanos = time;
    deadline = next;
    calls.watch(next);
  }

  /** Between two steps nothing is limited. */
  final void unlimit() {
    deadline = null;
  }

  /** How long the last step was allowed to take. */
  final long stepMillis() {
    return TimeUnit.NANOSECONDS.toMillis(stepNanos);
  }

  @Override
  public final CompletableFuture<Response> answer() {
    return answer;
  }

  @Override
  public final CallRegistry.@Nullable Deadline deadline() {
    return deadline;
  }
}
