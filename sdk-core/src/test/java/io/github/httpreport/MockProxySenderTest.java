package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.MockProxySender.Sent;
import io.github.httpreport.error.BufferFullException;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.InterruptedSendException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.testsupport.Summaries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MockProxySenderTest {

  private final MockProxySender sender = new MockProxySender();

  private static SendException failure() {
    return new BufferFullException(FailureDetails.builder("full").retryable(true).build());
  }

  private static Throwable cause(CompletableFuture<?> failed) {
    return failed.handle((result, error) -> error).join();
  }

  @Test
  void send_isAcknowledgedByTheMockNode_andRemembered() {
    Instant time = Instant.ofEpochMilli(7);

    SendResult result = sender.send(List.of("a", "b"), "g", "s", time);
    sender.enqueue("c", "g", "t").join();

    assertThat(result.node()).isEqualTo("mock:0");
    assertThat(result.messageCount()).isEqualTo(2);
    assertThat(result.attempts())
        .containsExactly(Attempt.of("mock:0", Duration.ZERO, Attempt.Outcome.ACCEPTED, "0"));
    assertThat(result.possibleDuplicate()).isFalse();
    assertThat(result.spooled()).isFalse();
    assertThat(sender.sent())
        .extracting(Sent::destination, Sent::dataTime, Sent::messages)
        .containsExactly(
            tuple(new Destination("g", "s"), time, List.of(Message.of("a"), Message.of("b"))),
            tuple(new Destination("g", "t"), null, List.of(Message.of("c"))));
    assertThat(sender.sent().get(1).groupId()).isEqualTo("g");
    assertThat(sender.sent().get(1).streamId()).isEqualTo("t");
    assertThat(sender.bodies()).containsExactly("a", "b", "c");
    assertThat(sender.sent().toString()).contains("g/s, 2 messages").doesNotContain("[a");
  }

  @Test
  void send_messages_keysAreRemembered() {
    List<Message> messages = List.of(Message.keyed("a", "k"), Message.of("b"));

    sender.acceptKeys().send(messages, new Destination("g", "s"));
    sender.enqueue(Message.keyed("c", "l"), new Destination("g", "s")).join();

    assertThat(sender.sent().get(0).messages()).isEqualTo(messages);
    assertThat(sender.sent().get(1).messages()).containsExactly(Message.keyed("c", "l"));
  }

  @Test
  void sent_laterChangesOfTheList_areNotSeen() {
    List<String> bodies = new ArrayList<>(List.of("a"));
    sender.send(bodies, "g", "s");
    bodies.set(0, "changed");

    assertThat(sender.bodies()).containsExactly("a");

    sender.clear();
    assertThat(sender.sent()).isEmpty();
  }

  static Stream<Arguments> wrongCalls() {
    List<String> good = List.of("a");
    return Stream.of(
        wrong("groupId must not be null", s -> s.send(good, null, "s")),
        wrong("groupId must not be blank", s -> s.send(good, " ", "s")),
        wrong("streamId must not be null", s -> s.sendAsync(good, "g", null).join()),
        wrong("streamId must not be blank", s -> s.enqueue("a", "g", "").join()),
        wrong("bodies must not be null", s -> s.sendAsync(null, "g", "s").join()),
        wrong("bodies must not be empty", s -> s.send(List.of(), "g", "s")),
        wrong("body 2 must not be null", s -> s.send(Arrays.asList("a", "b", null), "g", "s")),
        wrong("body 1 must not be blank", s -> s.send(List.of("a", " \t"), "g", "s")),
        wrong("body 0 must not hold a newline", s -> s.send(List.of("a\nb"), "g", "s")),
        wrong("body must not be null", s -> s.enqueue(null, "g", "s").join()),
        wrong("body must not be blank", s -> s.enqueue(" ", "g", "s").join()),
        wrong("body must not hold a newline", s -> s.enqueue("secret\n", "g", "s").join()),
        wrong("destination must not be null", s -> s.send(List.of(Message.of("a")), null)),
        wrong("destination must not be null", s -> s.enqueue(Message.of("a"), null).join()),
        wrong("messages must not be empty", s -> s.send(List.of(), new Destination("g", "s"))),
        wrong("message must not be null", s -> s.enqueue(null, new Destination("g", "s")).join()),
        wrong(
            "message 1 must not be null",
            s -> s.send(Arrays.asList(Message.of("a"), null), new Destination("g", "s"))),
        wrong(
            "body has a key",
            s -> s.enqueue(Message.keyed("a", "secret"), new Destination("g", "s")).join()),
        wrong(
            "body 1 has a key",
            s ->
                s.send(
                    List.of(Message.of("a"), Message.keyed("a", "secret")),
                    new Destination("g", "s"))),
        wrong("body holds half a surrogate", s -> s.enqueue("secret \ud800", "g", "s").join()),
        wrong("body 0 holds half a surrogate", s -> s.send(List.of("\udc00"), "g", "s")),
        wrong("groupId holds half a surrogate", s -> s.enqueue("a", "\ud800", "s").join()),
        wrong("dataTime is out of range", s -> s.send(good, "g", "s", Instant.MAX)),
        wrong("dataTime is out of range", s -> s.enqueue("a", "g", "s", Instant.MIN).join()),
        wrong("timeout must not be negative", s -> s.close(Duration.ofMillis(-1))));
  }

  private interface Call {
    Object on(ProxySender sender);
  }

  private static Arguments wrong(String message, Call call) {
    return Arguments.of(message, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongCalls")
  void call_wrongArgument_isRefusedByNameAndNotRemembered(String message, Call call) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call.on(sender))
        .withMessageStartingWith(message)
        .withMessageNotContaining("secret");
    assertThat(sender.sent()).isEmpty();
    assertThat(sender.close(Duration.ZERO).total()).isZero();
  }

  @Test
  void call_bodyOf40Megabytes_isTooLargeAndNotRemembered() {
    String large = "x".repeat(40 << 20);

    assertThat(sender.enqueue(large, "g", "s"))
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(MessageTooLargeException.class);
    assertThatExceptionOfType(MessageTooLargeException.class)
        .isThrownBy(() -> sender.send(List.of("a", large), "g", "s"));

    assertThat(sender.sent()).isEmpty();
    assertThat(sender.close(Duration.ZERO).total()).isZero();
  }

  @Test
  void succeedNext_isForOneCallEach_inOrderWithFailures() {
    SendResult onDisk = SendResult.builder().possibleDuplicate(true).spooled(true).build();
    sender.succeedNext(onDisk);
    sender.failNext(
        new SendException(
            FailureDetails.builder("no").retryable(true).mayHaveBeenStored(true).build()));
    sender.clearFaults();

    assertThat(sender.send(List.of("a"), "g", "s")).isSameAs(onDisk);
    assertThat(sender.send(List.of("b"), "g", "s").node()).isEqualTo("mock:0");
    CloseSummary summary = sender.close(Duration.ZERO);
    assertThat(summary.spooled()).isEqualTo(1);
    assertThat(summary.sent()).isEqualTo(1);
  }

  @Test
  void failNext_isForOneCallEach_inOrder() {
    SendException first = failure();
    SendException second = failure();
    sender.failNext(first);
    sender.failNext(second);

    assertThatThrownBy(() -> sender.send(List.of("a"), "g", "s")).isSameAs(first);
    CompletableFuture<SendResult> failed = sender.enqueue("b", "g", "s");
    assertThat(cause(failed)).isSameAs(second);
    assertThat(sender.enqueue("c", "g", "s")).isCompleted();
    assertThat(sender.bodies()).containsExactly("a", "b", "c");
  }

  @Test
  void failAlways_lastsUntilCleared() {
    SendException always = failure();
    sender.failAlways(always);
    ThrowingCallable send = () -> sender.send(List.of("a"), "g", "s");

    assertThatThrownBy(send).isSameAs(always);
    assertThatThrownBy(send).isSameAs(always);
    sender.failNext(failure());
    sender.clearFaults();

    assertThat(sender.send(List.of("a"), "g", "s").messageCount()).isEqualTo(1);
  }

  @Test
  void hold_keepsFuturesAndFlushOpen_untilReleased() {
    sender.hold();
    sender.failNext(failure());
    CompletableFuture<SendResult> failed = sender.enqueue("a", "g", "s");
    CompletableFuture<SendResult> sent = sender.sendAsync(List.of("b", "c"), "g", "s");
    CompletableFuture<Void> flushed = sender.flush();

    assertThat(failed).isNotDone();
    assertThat(sent).isNotDone();
    assertThat(flushed).isNotDone();
    sender.release();

    assertThat(failed).isCompletedExceptionally();
    assertThat(sent).isCompleted();
    assertThat(flushed).isCompleted();
    assertThat(sender.flush()).isCompleted();
    assertThat(sender.enqueue("d", "g", "s")).isCompleted();
    assertThat(sender.close(Duration.ZERO)).isEqualTo(Summaries.of(3, 1, 0, 0));
  }

  @Test
  void release_callbackThatSends_doesNotDeadlock() {
    sender.hold();
    CompletableFuture<SendResult> chained =
        sender.enqueue("a", "g", "s").thenCompose(done -> sender.enqueue("b", "g", "s"));

    sender.release();

    assertThat(chained).isCompleted();
  }

  @Test
  void close_abandonsWhatIsHeld_andItsNumbersAddUp() {
    sender.send(List.of("a", "b"), "g", "s");
    sender.failNext(failure());
    assertThat(sender.sendAsync(List.of("c"), "g", "s")).isCompletedExceptionally();
    sender.hold();
    CompletableFuture<SendResult> held = sender.sendAsync(List.of("d", "e", "f"), "g", "s");

    CloseSummary summary = sender.close(Duration.ofDays(1));

    assertThat(summary).isEqualTo(Summaries.of(2, 1, 0, 3));
    assertThat(cause(held))
        .isInstanceOfSatisfying(
            DeliveryTimeoutException.class, e -> assertThat(e.mayHaveBeenStored()).isTrue());
    assertThat(sender.close(Duration.ZERO)).as("told again").isEqualTo(summary);
    assertThat(sender.closed()).isTrue();
  }

  @Test
  void call_afterClose_isRefused() {
    assertThat(sender.closed()).isFalse();
    sender.close();

    assertThatIllegalStateException().isThrownBy(() -> sender.send(List.of("a"), "g", "s"));
    assertThatIllegalStateException().isThrownBy(() -> sender.enqueue("a", "g", "s"));
    assertThat(sender.sent()).isEmpty();
  }

  @Test
  void send_interruptedWhileHeld_saysSoAndKeepsTheFlag() throws InterruptedException {
    sender.hold();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                sender.send(List.of("a"), "g", "s");
              } catch (InterruptedSendException e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
              }
            });
    waiting.start();
    await().until(() -> !sender.sent().isEmpty());

    waiting.interrupt();
    waiting.join();

    assertThat(thrown.get()).hasMessageContaining("g/s");
    assertThat(flag.get()).isTrue();
  }

  @Test
  void status_showsWhatTheMockHoldsAndAcknowledged() {
    assertThat(sender.status().available()).isTrue();
    assertThat(sender.status().lastSuccess()).isEmpty();
    sender.send(List.of("a"), "g", "s");
    sender.hold();
    sender.enqueue("bcé", "g2", "s");

    SenderStatus status = sender.status();

    assertThat(status.groups()).isEqualTo(2);
    assertThat(status.bufferUsedBytes()).isEqualTo(4);
    assertThat(status.lastSuccess()).isPresent();
    sender.close();
    assertThat(sender.status().closed()).isTrue();
    assertThat(sender.status().available()).isFalse();
  }

  @Test
  void status_failuresOnly_hasNoSuccess() {
    sender.failNext(failure());
    assertThat(sender.enqueue("a", "g", "s")).isCompletedExceptionally();

    assertThat(sender.status().lastSuccess()).isEmpty();
  }

  @Test
  void status_scripted_isReportedAsItIs() {
    SenderStatus down = SenderStatus.builder().nodes(2, 2).build();

    sender.reportStatus(down);

    assertThat(sender.status()).isSameAs(down);
    assertThat(down.available()).isFalse();
  }
}
