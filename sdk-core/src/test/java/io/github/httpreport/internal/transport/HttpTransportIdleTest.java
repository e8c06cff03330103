package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.answer;
import static io.github.httpreport.internal.transport.TransportFixture.await;
import static io.github.httpreport.internal.transport.TransportFixture.get;
import static io.github.httpreport.internal.transport.TransportFixture.post;
import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.inlong.InLongProtocol;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.ScriptedConnection;
import io.github.httpreport.testsupport.ScriptedServer;
import io.github.httpreport.testsupport.ScriptedServer.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server does to a connection that nobody uses, and what the next request makes of it. */
@ParameterizedClass
@EnumSource(TransportFixture.Kind.class)
class HttpTransportIdleTest {

  private static final String FAREWELL_TEXT =
      "{\"code\":\"2147483647\",\"msg\":\"Process message failure: null\"}";
  private static final String FAREWELL =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\ncontent-length: "
          + FAREWELL_TEXT.length()
          + "\r\n\r\n"
          + FAREWELL_TEXT;
  private static final int ROUNDS = 60;
  private static final int AT_ONCE = 4;

  private final TransportFixture.Kind kind;
  private final TransportFixture fixture;
  private final long seed = System.nanoTime();

  HttpTransportIdleTest(TransportFixture.Kind kind) {
    this.kind = kind;
    fixture = TransportFixture.create(kind);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** What a server may do to an idle connection. */
  static Stream<Arguments> ends() {
    return Stream.of(
        end("closes", ScriptedConnection::shutdownOutput),
        end("writes the farewell and stays", c -> c.write(FAREWELL)),
        end("writes the farewell and closes", c -> writeAndClose(c, FAREWELL)),
        end("writes two and closes", c -> writeAndClose(c, FAREWELL + FAREWELL)),
        end("writes a success and stays", c -> c.write(ok("idle"))),
        end("writes garbage and closes", c -> writeAndClose(c, "garbage\r\n\r\n")),
        end("says time-out", c -> writeAndClose(c, "HTTP/1.1 408 Request Timeout\r\n\r\n")));
  }

  private static Arguments end(String name, Script script) {
    return Arguments.argumentSet(name, script);
  }

  private static void writeAndClose(ScriptedConnection c, String text) throws IOException {
    c.write(text);
    c.shutdownOutput();
  }

  @ParameterizedTest
  @MethodSource("ends")
  void execute_afterAnIdleConnectionEnded_takesANewOne(Script end) {
    Gate idle = new Gate();
    Gate over = new Gate();
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write(ok("first"));
              idle.pass();
              end.run(c);
              over.open();
              c.awaitEnd();
            },
            always(ok("second")))) {
      fixture.exchange(get(server));
      idle.open();
      over.pass();
      if (kind == TransportFixture.Kind.SHARED) {
        // The I/O thread closes the client's end as soon as it has seen any of this.
        await().until(() -> server.connection(0).ended());
      }
      Response next = fixture.exchange(get(server));

      assertThat(next.text()).isEqualTo("second");
      assertThat(next.reusedConnection()).isFalse();
      await().until(() -> server.connection(0).ended());
    }
  }

  @ParameterizedTest
  @MethodSource("ends")
  void execute_allIdleConnectionsEndedUnseen_takesANewOneWithoutAnError(Script end) {
    Gate answered = new Gate();
    Gate over = new Gate();
    Gate done = new Gate();
    Script ending =
        c -> {
          c.readRequest();
          answered.pass();
          c.write(ok("first"));
          over.pass();
          end.run(c);
          done.open();
          c.awaitEnd();
        };
    try (BusyIoThread io = new BusyIoThread();
        ScriptedServer server =
            ScriptedServer.start(ending, ending, ending, ending, always(ok("second")))) {
      List<CompletableFuture<Response>> first = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        first.add(fixture.send(get(server)));
      }
      await().until(() -> server.requests().size() == AT_ONCE);
      answered.openForAll();
      first.forEach(TransportFixture::answer);
      io.occupy();
      over.openForAll();
      for (int i = 0; i < AT_ONCE; i++) {
        done.pass();
      }
      CompletableFuture<Response> next = fixture.send(post(server, "x"));
      io.release();

      assertThat(answer(next).text()).isEqualTo("second");
      assertThat(answer(next).reusedConnection()).isFalse();
      assertThat(server.requests()).as("nothing was sent twice").hasSize(AT_ONCE + 1);
    }
  }

  @Test
  void execute_farewellAsTheRequestArrives_isTheFlaggedAnswer() {
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write(ok("own"));
              c.readHead();
              c.write(FAREWELL);
            },
            always(ok("own")))) {
      fixture.exchange(post(server, "1"), HttpTransportIdleTest::isOwn);
      Response taken = fixture.exchange(post(server, "2"), HttpTransportIdleTest::isOwn);
      Response next = fixture.exchange(post(server, "3"), HttpTransportIdleTest::isOwn);

      assertThat(isFlaggedFarewell(taken)).isTrue();
      assertThat(isOwn(next)).isTrue();
      assertThat(next.reusedConnection()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void execute_reusedConnectionEndsAfterTheRequestLeft_isLostAndNotSentAgain(boolean reset) {
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write(ok("first"));
              c.readRequest();
              if (reset) {
                c.reset();
              }
            },
            always(ok("second")))) {
      fixture.exchange(get(server));
      ExchangeException failure = fixture.failure(post(server, "x"));

      assertThat(failure.kind()).isEqualTo(ExchangeException.Kind.CONNECTION_LOST);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void execute_farewellOnANewConnection_isNotFlagged() {
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write(FAREWELL);
            })) {
      Response response = fixture.exchange(post(server, "1"));

      assertThat(isFlaggedFarewell(response)).isFalse();
      assertThat(response.text()).isEqualTo(FAREWELL_TEXT);
    }
  }

  @Test
  void execute_farewellInTwoHalvesAroundTheRequest_isNotTakenForTheAnswer() {
    Gate idle = new Gate();
    Gate half = new Gate();
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write(ok("own"));
              idle.pass();
              c.write(FAREWELL.substring(0, 40));
              half.open();
              c.readRequest();
              c.write(FAREWELL.substring(40));
            },
            always(ok("own")))) {
      fixture.exchange(post(server, "1"));
      idle.open();
      half.pass();
      Response next = fixture.exchange(post(server, "2"));

      assertThat(next.reusedConnection()).isFalse();
      assertThat(isOwn(next)).isTrue();
    }
  }

  @Test
  void execute_farewellsAtAnyMoment_areNeverTakenForOwnAnswers()
      throws InterruptedException, TimeoutException {
    Random random = new Random(seed);
    int own = 0;
    int farewells = 0;
    try (ScriptedServer server = ScriptedServer.start(c -> trap(c, random))) {
      for (int round = 0; round < ROUNDS; round++) {
        List<CompletableFuture<Response>> answers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          Request request = Request.post(server.origin(), numbered(round, i)).build();
          answers.add(fixture.transport.execute(request, HttpTransportIdleTest::isOwn));
        }
        for (int i = 0; i < AT_ONCE; i++) {
          String outcome = outcome(answers.get(i));
          String as = "seed " + seed + " round " + round;
          assertThat(outcome).as(as).isIn("own " + numbered(round, i), "farewell", "lost");
          own += outcome.startsWith("own") ? 1 : 0;
          farewells += outcome.equals("farewell") ? 1 : 0;
        }
      }
    }
    assertThat(own).as("seed " + seed).isPositive();
    assertThat(farewells).as("seed " + seed).isPositive();
  }

  private static String numbered(int round, int i) {
    return "/" + round + '-' + i;
  }

  private static String outcome(CompletableFuture<Response> answer)
      throws InterruptedException, TimeoutException {
    try {
      Response response = answer.get(10, TimeUnit.SECONDS);
      return isFlaggedFarewell(response) ? "farewell" : response.text();
    } catch (ExecutionException e) {
      ExchangeException failure = (ExchangeException) e.getCause();
      return failure.kind() == ExchangeException.Kind.CONNECTION_LOST
          ? "lost"
          : failure.getMessage();
    }
  }

  /** A good answer, and then one of the ways in which a farewell can come across a request. */
  private static void trap(ScriptedConnection c, Random random) throws IOException {
    c.write(own(c.readRequest()));
    while (true) {
      switch (random.nextInt(6)) {
        case 0 -> {
          c.write(FAREWELL);
          return;
        }
        case 1 -> {
          c.write(FAREWELL);
          c.awaitEnd();
        }
        case 2 -> {
          c.readHead();
          c.write(FAREWELL);
          return;
        }
        case 3 -> {
          c.write(own(c.readRequest()) + FAREWELL);
          return;
        }
        case 4 -> {
          c.write(FAREWELL + own(c.readRequest()));
          c.awaitEnd();
        }
        default -> c.write(own(c.readRequest()));
      }
    }
  }

  private static String own(String request) {
    return ok("own " + request.substring("POST ".length(), request.indexOf(" HTTP")));
  }

  private static boolean isOwn(Response response) {
    return response.text().startsWith("own");
  }

  private static boolean isFlaggedFarewell(Response response) {
    return response.reusedConnection()
        && response.text().equals(FAREWELL_TEXT)
        && InLongProtocol.create().classify(response) instanceof Verdict.Retry retry
        && !retry.mayHaveBeenStored();
  }

  @Test
  void idleConnection_afterTheLimit_isClosedWithoutAnotherRequest() {
    Duration limit = Duration.ofMillis(50);
    try (TransportFixture brief = TransportFixture.idleFor(limit, kind);
        ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      brief.exchange(get(server));
      assertThat(brief.timer.pending()).as("sweep and idle check").isEqualTo(2);
      await()
          .until(
              () -> {
                brief.timer.advance(limit);
                return server.connection(0).ended();
              });
      brief.timer.advance(limit);

      assertThat(brief.timer.pending()).as("no check is due when nothing is idle").isEqualTo(1);
    }
  }

  @Test
  void idleConnection_overTheLimitBetweenTwoChecks_isNotTaken() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      fixture.exchange(get(server));
      fixture.timer.advance(Duration.ofSeconds(20));
      assertThat(fixture.exchange(get(server)).reusedConnection()).isTrue();
      fixture.timer.advance(Duration.ofSeconds(30));

      assertThat(fixture.exchange(get(server)).reusedConnection()).isFalse();
      await().until(() -> server.connection(0).ended());
    }
  }

  @Test
  void idleConnection_withinTheLimit_isKept() {
    try (ScriptedServer server = ScriptedServer.start(always(ok("")))) {
      fixture.exchange(get(server));
      fixture.timer.advance(Duration.ofSeconds(20));
      fixture.exchange(get(server));
      fixture.timer.advance(Duration.ofSeconds(20));

      assertThat(fixture.exchange(get(server)).reusedConnection()).isTrue();
    }
  }

  /** Keeps the I/O thread from looking at any connection. */
  private final class BusyIoThread implements AutoCloseable {
    private final ScriptedServer other = ScriptedServer.start(always(ok("")));
    private final Gate entered = new Gate();
    private final Gate released = new Gate();
    private CompletableFuture<Response> answer = new CompletableFuture<>();

    void occupy() {
      answer =
          fixture.transport.execute(
              get(other),
              response -> {
                entered.open();
                released.pass();
                return true;
              });
      entered.pass();
    }

    void release() {
      released.open();
      TransportFixture.answer(answer);
    }

    @Override
    public void close() {
      released.openForAll();
      other.close();
    }
  }
}
