package io.github.httpreport.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.internal.concurrent.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallRegistryTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration TICK = Duration.ofNanos(1);

  private final ManualScheduler timer = new ManualScheduler();
  private final CallRegistry calls = new CallRegistry(timer);

  private FakeCall call(Duration limit) {
    FakeCall call = new FakeCall(limit);
    assertThat(calls.start(call)).isSameAs(call.response);
    return call;
  }

  @Test
  void deadline_manyCalls_takesOneTask() {
    List<FakeCall> many = IntStream.range(0, 100).mapToObj(i -> call(SECOND)).toList();

    assertThat(timer.pending()).isEqualTo(1);
    timer.advance(SECOND.minus(TICK));
    assertThat(many).noneMatch(call -> call.timedOut);
    timer.advance(TICK);

    assertThat(many).allMatch(call -> call.timedOut);
    assertThat(calls.count()).isZero();
    assertThat(timer.pending()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void deadline_clockJumps_isKeptExactly(long hours) {
    FakeCall call = call(SECOND);

    timer.jump(Duration.ofHours(hours));
    FakeCall next = call(SECOND);
    timer.advance(SECOND.minus(TICK));
    assertThat(call.timedOut || next.timedOut).isFalse();
    timer.advance(TICK);

    assertThat(call.timedOut && next.timedOut).isTrue();
  }

  @Test
  void deadline_laterOneIsEarlier_isKeptExactly() {
    FakeCall slow = call(SECOND.multipliedBy(10));
    FakeCall quick = call(SECOND);

    timer.advance(SECOND.minus(TICK));
    assertThat(quick.timedOut).isFalse();
    timer.advance(TICK);

    assertThat(quick.timedOut).isTrue();
    assertThat(slow.timedOut).isFalse();
    timer.advance(SECOND.multipliedBy(9));
    assertThat(slow.timedOut).isTrue();
  }

  @Test
  void deadline_callBeganWhileAnotherWasUnderWay_hasItsOwn() {
    FakeCall first = call(SECOND);
    timer.advance(SECOND.dividedBy(2));
    FakeCall second = call(SECOND);

    timer.advance(SECOND.dividedBy(2));
    assertThat(first.timedOut).isTrue();
    assertThat(second.timedOut).isFalse();
    timer.advance(SECOND.dividedBy(2));

    assertThat(second.timedOut).isTrue();
  }

  @Test
  void ended_beforeItsTime_isNotCalledAndTheTaskEnds() {
    FakeCall call = call(SECOND);
    calls.ended(call);

    timer.advance(SECOND);

    assertThat(call.timedOut).isFalse();
    assertThat(timer.pending()).isZero();
  }

  @Test
  void deadline_callHasNoneYet_isLeftAlone() {
    FakeCall connecting = new FakeCall(null);
    assertThat(calls.start(connecting)).isNotDone();
    FakeCall limited = call(SECOND);

    timer.advance(SECOND.multipliedBy(100));

    assertThat(limited.timedOut).isTrue();
    assertThat(connecting.timedOut).isFalse();
    assertThat(calls.count()).isOne();
  }

  private final class FakeCall extends CallRegistry.Call {
    private final @Nullable Duration limit;
    private boolean timedOut;

    FakeCall(@Nullable Duration limit) {
      super(new CompletableFuture<>());
      this.limit = limit;
    }

    @Override
    void start() {
      if (limit != null) {
        CallRegistry.Deadline begun = calls.deadlineIn(limit.toNanos());
        deadline = begun;
        calls.watch(begun);
      }
    }

    @Override
    void timedOut() {
      timedOut = true;
      calls.ended(this);
    }

    @Override
    void abandon(IOException why) {
      calls.ended(this);
    }
  }
}
