package io.github.httpreport.benchmarks.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupLoadTest {

  private static final int OFFERED = 20;
  private static final GroupLoad.Delivered WELL = new GroupLoad.Delivered(160, 20);
  private static final GroupLoad.Delivered NEVER =
      new GroupLoad.Delivered(160, Double.POSITIVE_INFINITY);

  private final Queue<CompletableFuture<SendResult>> responses = new ConcurrentLinkedQueue<>();

  @Test
  void p99_lastMessagesAreAcknowledgedAfterTheMeasuredTime_isTheirs() {
    try (GroupLoad load =
        new GroupLoad(sender(), CallKind.SEND_ASYNC, List.of("group"), 1_000, number -> {})) {
      load.measure();
      load.start();
      Awaitility.await().until(() -> responses.size() >= OFFERED);

      assertThat(load.endMeasuring()).isZero();
      assertThat(load.p99Millis()).isInfinite();
      Awaitility.await()
          .untilAsserted(
              () -> {
                responses.forEach(response -> response.complete(null));
                assertThat(load.p99Millis()).isFinite();
              });
    }
  }

  @Test
  void row_nothingToCompareWith_doesNotHold() {
    assertThat(row(NEVER, NEVER).holds()).isFalse();
    assertThat(row(NEVER, WELL).holds()).isFalse();
    assertThat(row(WELL, NEVER).holds()).isFalse();
    assertThat(row(WELL, WELL).holds()).isTrue();
  }

  private static IsolationRow row(GroupLoad.Delivered alone, GroupLoad.Delivered beside) {
    return new IsolationRow(CallKind.SEND, NodeFailure.BLACK_HOLE, false, alone, beside);
  }

  private ProxySender sender() {
    return (ProxySender)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ProxySender.class},
            (proxy, method, arguments) -> {
              CompletableFuture<SendResult> response = new CompletableFuture<>();
              responses.add(response);
              return response;
            });
  }
}
