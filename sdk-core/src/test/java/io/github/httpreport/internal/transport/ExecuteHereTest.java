package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.KEEP;
import static io.github.httpreport.internal.transport.TransportFixture.await;
import static io.github.httpreport.internal.transport.TransportFixture.failure;
import static io.github.httpreport.internal.transport.TransportFixture.get;
import static io.github.httpreport.internal.transport.TransportFixture.post;
import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static io.github.httpreport.testsupport.ScriptedServer.silent;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.delivery.SendExceptions;
import io.github.httpreport.internal.node.NodeTable;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.ScriptedServer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which exchanges are done on the calling thread, and what only those know. */
class ExecuteHereTest {

  private static final Duration LONG = Duration.ofDays(1);
  private static final int LONGEST = 32 * 1024;

  private final ManualScheduler timer = new ManualScheduler();
  private final List<Runnable> lookUps = new CopyOnWriteArrayList<>();
  private final HttpTransport transport =
      new HttpTransport(
          TransportFixture.settings(null, TransportFixture.CONNECT_TIMEOUT),
          timer,
          TransportFixture.lookUpLater(lookUps));

  @AfterEach
  void close() {
    transport.close(Duration.ofSeconds(5));
  }

  @Test
  void executeHere_plainAddress_isDoneWhenItReturns() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("here")))) {
      CompletableFuture<Response> answer = transport.executeHere(get(server), KEEP, LONG);

      assertThat(answer).isDone();
      assertThat(answer.join().text()).isEqualTo("here");
      assertThat(TransportFixture.threads()).isZero();
    }
  }

  @Test
  void executeHere_predicateIsAsked_onTheCallingThread() {
    AtomicReference<Thread> asked = new AtomicReference<>();
    Predicate<Response> keep =
        response -> {
          asked.set(Thread.currentThread());
          return true;
        };
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      transport.executeHere(get(server), keep, LONG).join();

      assertThat(asked).hasValue(Thread.currentThread());
    }
  }

  @Test
  void execute_callerDoesNotWait_isTheIoThreads() {
    Gate arrived = new Gate();
    try (ScriptedServer server = ScriptedServer.start(silent(arrived))) {
      assertThat(transport.execute(get(server), KEEP)).isNotDone();
      arrived.pass();

      assertThat(TransportFixture.threads()).isEqualTo(1);
    }
  }

  @Test
  void executeHere_nameToLookUp_doesNotWaitForIt() {
    Request request = Request.get(new Origin(false, "localhost", 1), "/").build();

    assertThat(transport.executeHere(request, KEEP, LONG)).isNotDone();
    assertThat(lookUps).hasSize(1);
  }

  @Test
  void executeHere_longBody_isTheIoThreads() {
    Gate released = new Gate();
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readHead();
              released.pass();
              c.skip(LONGEST + 1);
              c.write(ok(""));
            })) {
      Request large = post(server, "x".repeat(LONGEST + 1));
      CompletableFuture<Response> answer = transport.executeHere(large, KEEP, LONG);

      assertThat(answer).isNotDone();
      released.open();
      assertThat(TransportFixture.answer(answer).status()).isEqualTo(200);
    }
  }

  @Test
  void executeHere_longestBody_isDoneWhenItReturns() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      Request request = post(server, "x".repeat(LONGEST));

      assertThat(transport.executeHere(request, KEEP, LONG)).isDone();
    }
  }

  @Test
  void executeHere_threadIsInterruptedAlready_isTheIoThreads() {
    Gate arrived = new Gate();
    try (ScriptedServer server = ScriptedServer.start(silent(arrived))) {
      Thread.currentThread().interrupt();
      CompletableFuture<Response> answer = transport.executeHere(get(server), KEEP, LONG);

      assertThat(Thread.interrupted()).as("the flag stays set").isTrue();
      arrived.pass();
      assertThat(answer).isNotDone();
    }
  }

  @Test
  void executeHere_interruptedWhileItWaits_endsAtOnceAndCloses() throws InterruptedException {
    Gate arrived = new Gate();
    try (ScriptedServer server = ScriptedServer.start(silent(arrived))) {
      AtomicReference<CompletableFuture<Response>> answer = new AtomicReference<>();
      AtomicReference<Boolean> flag = new AtomicReference<>();
      Thread caller =
          new Thread(
              () -> {
                answer.set(transport.executeHere(get(server), KEEP, LONG));
                flag.set(Thread.currentThread().isInterrupted());
              });
      caller.start();
      arrived.pass();
      caller.interrupt();
      caller.join(10_000);

      ExchangeException failure = failure(answer.get());
      assertThat(failure.kind()).isEqualTo(Kind.CONNECTION_LOST);
      assertThat(failure)
          .hasMessage("interrupted while waiting for 127.0.0.1:" + server.port())
          .hasCauseInstanceOf(ClosedByInterruptException.class);
      assertThat(SendExceptions.kind(failure)).isEqualTo(NodeTable.FailureKind.NONE);
      assertThat(flag).hasValue(true);
      assertThat(transport.openCalls()).isZero();
      await().until(() -> server.connection(0).ended());
    }
  }

  @Test
  void idleConnection_bytesOfASecondAnswerCameWithTheFirst_isNotTaken() {
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write(ok("own") + ok("nobody's"));
              c.awaitEnd();
            },
            always(ok("own")))) {
      exchange(server);
      Response next = exchange(server);

      assertThat(next.text()).isEqualTo("own");
      assertThat(next.reusedConnection()).isFalse();
    }
  }

  private Response exchange(ScriptedServer server) {
    return TransportFixture.answer(transport.executeHere(get(server), KEEP, LONG));
  }
}
