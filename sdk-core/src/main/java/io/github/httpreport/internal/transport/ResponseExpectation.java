package io.github.httpreport.internal.transport;

import java.io.IOException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.NHttpMessageParser;
import org.apache.hc.core5.http.nio.SessionInputBuffer;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.reactor.Command;
import org.jspecify.annotations.Nullable;

/**
 * What one connection of the reactor expects from its server. httpcore keeps half a response head
 * that arrives between two exchanges and reads the next response behind it; this class makes any
 * such byte the end of the connection.
 *
 * <p>States: IDLE (no request is under way, every byte is an error), SENDING (a request has begun
 * and has not left whole), SENT. The session reports when httpcore takes a request from it, which
 * begins the exchange, and when httpcore asks for the next one, which it does once the session has
 * taken every byte of the request before. The head of the final response leads back to IDLE; its
 * body does not pass the parser. A response of which any byte arrives while SENDING is early: its
 * server has not read the whole request. With TLS a request has left when the TLS session has it,
 * which keeps one record at most.
 *
 * <p>Not locked: every call is made within a turn of the {@link DirectSession}, or on the I/O
 * thread, where TLS is.
 */
final class ResponseExpectation {

  private enum State {
    IDLE,
    SENDING,
    SENT
  }

  private State state = State.IDLE;
  private @Nullable ReactorExchange exchange;
  private boolean written;
  private boolean early;

  /**
   * Whether input is to be looked for before the next write: a request begins, so that whatever has
   * arrived is not its response, or goes on, so that its response is early.
   */
  boolean isInputDue(boolean hasCommands) {
    // Where httpcore has all of the body, the socket may have it, too, and a response be due.
    return state == State.SENDING
        ? written && exchange != null && exchange.available() > 0
        : state == State.IDLE && hasCommands;
  }

  /** A part of a request has left. */
  void written() {
    written = true;
  }

  /** httpcore asked its session for the next command and got this one, or none. */
  void polled(@Nullable Command command) {
    if (command instanceof RequestExecutionCommand request) {
      AsyncClientExchangeHandler handler = request.getExchangeHandler();
      exchange = handler instanceof ReactorExchange own ? own : null;
      written = false;
      // A request without a body is written at once, before httpcore asks for another one.
      state = handler.available() > 0 ? State.SENDING : State.SENT;
    } else if (state == State.SENDING) {
      state = State.SENT;
    }
  }

  /** A parser that reads heads only where they are expected. */
  NHttpMessageParser<HttpResponse> guard(NHttpMessageParser<HttpResponse> parser) {
    return new NHttpMessageParser<>() {

      @Override
      public void reset() {
        parser.reset();
      }

      @Override
      public @Nullable HttpResponse parse(SessionInputBuffer buffer, boolean endOfStream)
          throws IOException, HttpException {
        if (buffer.hasData()) {
          arrived();
        }
        HttpResponse head = parser.parse(buffer, endOfStream);
        if (head != null) {
          completed(head);
        }
        return head;
      }
    };
  }

  private void arrived() throws IOException {
    if (state == State.IDLE) {
      throw new IOException("the server wrote while no request was under way");
    }
    early |= state == State.SENDING;
  }

  private void completed(HttpResponse head) {
    if (head.getCode() >= HttpStatus.SC_SUCCESS) {
      if (early && exchange != null) {
        exchange.answeredEarly();
      }
      exchange = null;
      state = State.IDLE;
    }
    // An interim response says nothing of when the final one begins.
    early = false;
  }
}
