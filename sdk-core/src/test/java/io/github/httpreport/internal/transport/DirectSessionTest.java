package io.github.httpreport.internal.transport;

import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.testsupport.Gate;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.nio.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.reactor.Command.Priority;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who writes a request, and who is woken for it. */
class DirectSessionTest {

  private static final String WAKE_TO_WRITE = "+4";
  private static final String DONE_WRITING = "-4";

  private final FakeSession socket = new FakeSession();
  private final DirectSession session = new DirectSession(socket);
  private final DirectEvents events = events(session);

  @BeforeEach
  void connect() throws IOException {
    socket.upgrade(events);
    events.connected(session);
  }

  private static DirectEvents events(IOSession session) {
    ProtocolIOSession forwarding =
        (ProtocolIOSession)
            Proxy.newProxyInstance(
                DirectSessionTest.class.getClassLoader(),
                new Class<?>[] {ProtocolIOSession.class},
                (proxy, method, arguments) -> {
                  try {
                    boolean known = method.getDeclaringClass().isInstance(session);
                    return known ? method.invoke(session, arguments) : null;
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return DirectEvents.create(
        forwarding, Http1Config.DEFAULT, DefaultHttpResponseParserFactory.INSTANCE);
  }

  /** A request, and what becomes of it. */
  private static final class SessionExchange implements ReactorExchange.Connection {
    final CompletableFuture<Response> answer = new CompletableFuture<>();
    Runnable whenDone = () -> {};
    @Nullable Boolean reusable;
    boolean neverUsed;
    private final ReactorExchange exchange;

    SessionExchange(String body) {
      exchange =
          new ReactorExchange(
              Request.post(new Origin(false, "127.0.0.1", 80), "/report")
                  .body(body.getBytes(StandardCharsets.US_ASCII), "text/plain")
                  .build(),
              TransportFixture.KEEP,
              true,
              answer,
              this);
    }

    RequestExecutionCommand command() {
      return new RequestExecutionCommand(exchange, HttpCoreContext.create());
    }

    @Override
    public void done(boolean mayBeUsedAgain) {
      reusable = mayBeUsedAgain;
      whenDone.run();
    }

    @Override
    public void neverUsed(Exception cause) {
      neverUsed = true;
    }
  }

  private void begin(SessionExchange exchange) {
    session.enqueue(exchange.command(), Priority.NORMAL);
  }

  @Test
  void enqueue_idleConnection_writesAtOnceAndWakesNobody() {
    SessionExchange exchange = new SessionExchange("hello");
    begin(exchange);

    assertThat(socket.written()).startsWith("POST /report HTTP/1.1\r\n").endsWith("\r\n\r\nhello");
    assertThat(socket.writes).isEqualTo(1);
    assertThat(socket.wakes).isEmpty();
    assertThat(exchange.answer).isNotDone();
  }

  @Test
  void inputReady_response_isHandledAndWakesNoThread() throws IOException {
    SessionExchange exchange = new SessionExchange("hello");
    begin(exchange);
    socket.receives(ok("fine"));
    events.inputReady(session, null);

    assertThat(exchange.answer).isCompleted();
    assertThat(exchange.answer.join().text()).isEqualTo("fine");
    assertThat(exchange.reusable).isTrue();
    assertThat(socket.wakes).isEmpty();
  }

  @Test
  void enqueue_socketTakesPart_leavesTheRestToTheIoThread() throws IOException {
    socket.socketTakes = 1000;
    begin(new SessionExchange("hello".repeat(1000)));

    assertThat(socket.written()).hasSize(1000).startsWith("POST /report");
    // The head, a part of the body, and nothing: each further try copies all the rest for nothing.
    assertThat(socket.writes).isEqualTo(3);
    assertThat(socket.wakes).containsExactly(WAKE_TO_WRITE);

    socket.socketTakes = Integer.MAX_VALUE;
    events.outputReady(session);

    assertThat(socket.written()).startsWith("POST /report").endsWith("hello");
    assertThat(socket.wakes).containsExactly(WAKE_TO_WRITE, DONE_WRITING);
  }

  @Test
  void enqueue_longBody_isLeftToTheIoThread() {
    begin(new SessionExchange("x".repeat(DirectSession.MAX_BODY + 1)));

    assertThat(socket.written()).isEmpty();
    assertThat(socket.commands).hasSize(1);
    assertThat(socket.wakes).containsExactly(WAKE_TO_WRITE);
  }

  @Test
  void enqueue_longestBody_isWrittenAtOnce() {
    begin(new SessionExchange("x".repeat(DirectSession.MAX_BODY)));

    assertThat(socket.written()).endsWith("xxx");
    assertThat(socket.wakes).isEmpty();
  }

  @Test
  void enqueue_notYetConnected_isLeftToTheIoThread() {
    FakeSession fresh = new FakeSession();
    DirectSession unconnected = new DirectSession(fresh);
    fresh.upgrade(events(unconnected));
    unconnected.enqueue(new SessionExchange("hello").command(), Priority.NORMAL);

    assertThat(fresh.written()).isEmpty();
    assertThat(fresh.commands).hasSize(1);
  }

  @Test
  void enqueue_somethingCameUnasked_writesNothing() {
    SessionExchange exchange = new SessionExchange("hello");
    socket.receives(ok("nobody asked"));
    begin(exchange);

    assertThat(exchange.neverUsed).isTrue();
    assertThat(exchange.answer).isNotDone();
    assertThat(socket.written()).isEmpty();
    assertThat(socket.isOpen()).isFalse();
  }

  /** A part of a response, which httpcore itself would keep for the next one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 8, 17, 30, 39})
  void enqueue_partOfAResponseCameUnasked_writesNothing(int length) {
    SessionExchange exchange = new SessionExchange("hello");
    socket.receives(ok("nobody asked").substring(0, length));
    begin(exchange);

    assertThat(exchange.neverUsed).isTrue();
    assertThat(socket.written()).isEmpty();
    assertThat(socket.isOpen()).isFalse();
  }

  @Test
  void inputReady_oneByteBetweenTwoExchanges_endsTheConnection() throws IOException {
    begin(new SessionExchange("hello"));
    socket.receives(ok("fine"));
    events.inputReady(session, null);
    socket.receives("H");

    assertThatIOException().isThrownBy(() -> events.inputReady(session, null));
  }

  @Test
  void outputReady_partOfAResponseCameBeforeARequestOfAnotherThread_writesNothing() {
    SessionExchange exchange = new SessionExchange("x".repeat(DirectSession.MAX_BODY + 1));
    begin(exchange);
    socket.receives("HTTP/1.1 2");

    assertThatIOException().isThrownBy(() -> events.outputReady(session));
    assertThat(socket.written()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 51})
  void inputReady_responseBeginsBeforeTheRequestHasLeft_isEarlyAndNotReused(int length)
      throws IOException {
    String response = ok("fine");
    SessionExchange exchange = new SessionExchange("hello".repeat(1000));
    socket.socketTakes = 1000;
    begin(exchange);
    socket.receives(response.substring(0, Math.min(length, response.length())));
    events.inputReady(session, null);
    socket.socketTakes = Integer.MAX_VALUE;
    events.outputReady(session);
    socket.receives(response.substring(Math.min(length, response.length())));
    events.inputReady(session, null);

    assertThat(exchange.answer.join().early()).isTrue();
    assertThat(exchange.reusable).isFalse();
  }

  @Test
  void inputReady_interimResponseBeforeTheRequestHasLeft_leavesTheFinalOneAsItIs()
      throws IOException {
    SessionExchange exchange = new SessionExchange("hello".repeat(1000));
    socket.socketTakes = 1000;
    begin(exchange);
    socket.receives("HTTP/1.1 103 Wait\r\n\r\n");
    events.inputReady(session, null);
    socket.socketTakes = Integer.MAX_VALUE;
    events.outputReady(session);
    socket.receives(ok("fine"));
    events.inputReady(session, null);

    assertThat(exchange.answer.join().early()).isFalse();
    assertThat(exchange.reusable).isTrue();
  }

  @Test
  void inputReady_connectionEndsWithinTheTextOfAnEarlyRefusal_takesTheRefusal() throws IOException {
    SessionExchange exchange = new SessionExchange("hello".repeat(1000));
    socket.socketTakes = 1000;
    begin(exchange);
    socket.receives("HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo");
    socket.brokenBy = new IOException("Broken pipe");
    events.outputReady(session);
    socket.input = target -> -1;

    assertThatIOException()
        .isThrownBy(() -> events.inputReady(session, null))
        .satisfies(e -> events.exception(session, e));
    assertThat(exchange.answer.join().status()).isEqualTo(413);
    assertThat(exchange.answer.join().truncated()).isTrue();
    assertThat(exchange.reusable).isFalse();
  }

  @Test
  void enqueue_serverHasClosed_writesNothing() {
    SessionExchange exchange = new SessionExchange("hello");
    socket.input = target -> -1;
    begin(exchange);

    assertThat(exchange.neverUsed).isTrue();
    assertThat(socket.written()).isEmpty();
    assertThat(socket.isOpen()).isFalse();
  }

  @Test
  void enqueue_closedByAnotherThreadMeanwhile_isCancelled() {
    SessionExchange exchange = new SessionExchange("hello");
    socket.input =
        target -> {
          socket.close();
          return 0;
        };
    begin(exchange);

    assertThat(exchange.neverUsed).isTrue();
    assertThat(socket.written()).isEmpty();
  }

  @Test
  void enqueue_closedByAnotherThreadJustBefore_isCancelled() {
    SessionExchange exchange = new SessionExchange("hello");
    socket.beforeMask = socket::close;
    begin(exchange);

    assertThat(exchange.neverUsed).isTrue();
    assertThat(socket.written()).isEmpty();
  }

  @Test
  void enqueue_closed_isCancelled() {
    SessionExchange exchange = new SessionExchange("hello");
    socket.close();
    begin(exchange);

    assertThat(exchange.neverUsed).isTrue();
  }

  @Test
  void enqueue_writingFails_losesTheConnection() {
    SessionExchange exchange = new SessionExchange("hello");
    socket.brokenBy = new IOException("Broken pipe");
    begin(exchange);

    assertThat(TransportFixture.failure(exchange.answer).kind())
        .isEqualTo(ExchangeException.Kind.CONNECTION_LOST);
    assertThat(exchange.reusable).isFalse();
    assertThat(socket.isOpen()).isFalse();
  }

  @Test
  void enqueue_anotherThreadHasItsTurn_isLeftToTheIoThread() throws InterruptedException {
    Gate reads = new Gate();
    Gate goesOn = new Gate();
    socket.input =
        target -> {
          reads.open();
          goesOn.pass();
          return 0;
        };
    Thread ioThread = new Thread(this::inputReady);
    ioThread.start();
    reads.pass();
    begin(new SessionExchange("hello"));

    assertThat(socket.written()).isEmpty();
    assertThat(socket.commands).hasSize(1);
    assertThat(socket.wakes).containsExactly(WAKE_TO_WRITE);
    goesOn.open();
    ioThread.join();
  }

  private void inputReady() {
    try {
      events.inputReady(session, null);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void enqueue_fromTheEndOfTheExchangeBefore_isWrittenAfterItAndWakesNobody() throws IOException {
    SessionExchange first = new SessionExchange("first");
    SessionExchange second = new SessionExchange("second");
    begin(first);
    first.whenDone = () -> begin(second);
    socket.receives(ok("fine"));
    events.inputReady(session, null);

    assertThat(first.answer).isCompleted();
    assertThat(socket.written()).contains("first").endsWith("second");
    assertThat(socket.wakes).isEmpty();
  }

  @Test
  void outputReady_commandOfAnotherThreadJustBeforeItsEventIsCleared_isNotForgotten()
      throws IOException {
    socket.socketTakes = 10;
    begin(new SessionExchange("hello"));
    socket.socketTakes = Integer.MAX_VALUE;
    socket.beforeClearing = () -> socket.enqueue(ShutdownCommand.GRACEFUL, Priority.NORMAL);
    socket.wakes.clear();
    events.outputReady(session);

    assertThat(socket.wakes).containsExactly(WAKE_TO_WRITE, DONE_WRITING, WAKE_TO_WRITE);
  }

  @Test
  void disconnected_requestUnderWay_isLost() {
    SessionExchange exchange = new SessionExchange("hello");
    begin(exchange);
    socket.close();
    events.disconnected(socket);

    assertThat(TransportFixture.failure(exchange.answer).kind())
        .isEqualTo(ExchangeException.Kind.CONNECTION_LOST);
  }

  @Test
  void events_outsideOfATurn_areThoseOfTheSocket() {
    session.setEvent(SelectionKey.OP_WRITE);
    session.clearEvent(SelectionKey.OP_WRITE);

    assertThat(socket.wakes).containsExactly(WAKE_TO_WRITE, DONE_WRITING);
  }
}
