package io.github.httpreport.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.nio.ClientHttp1IOEventHandler;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexer;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexerFactory;
import org.apache.hc.core5.http.nio.NHttpMessageParserFactory;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on a connection, in the turns of its {@link DirectSession}. With TLS there are none:
 * only the I/O thread comes here then.
 *
 * <p>A server may refuse a request and close before it has read all of it. Its end then shows as a
 * failure to write, and often before the I/O thread has looked at the response; so what has arrived
 * is read before the failure is reported.
 */
final class DirectEvents extends ClientHttp1IOEventHandler {

  private final ResponseExpectation expectation;
  private volatile @Nullable DirectSession direct;

  private DirectEvents(ClientHttp1StreamDuplexer duplexer, ResponseExpectation expectation) {
    super(duplexer);
    this.expectation = expectation;
  }

  static DirectEvents create(
      ProtocolIOSession session,
      Http1Config config,
      NHttpMessageParserFactory<HttpResponse> parsers) {
    ResponseExpectation expectation = new ResponseExpectation();
    ClientHttp1StreamDuplexerFactory duplexers =
        new ClientHttp1StreamDuplexerFactory(
            HttpProcessorBuilder.create().build(),
            config,
            CharCodingConfig.DEFAULT,
            null,
            () -> expectation.guard(parsers.create()),
            null,
            null);
    return new DirectEvents(duplexers.create(session), expectation);
  }

  boolean isConnected() {
    return direct != null;
  }

  @Override
  public void connected(IOSession session) throws IOException {
    if (session instanceof ExpectingSession own) {
      own.connect(expectation, () -> super.connected(session));
    } else {
      super.connected(session);
    }
    direct = session instanceof DirectSession own ? own : null;
  }

  @Override
  public void inputReady(IOSession session, @Nullable ByteBuffer source) throws IOException {
    try {
      if (session instanceof DirectSession own) {
        own.inTurn(this, () -> super.inputReady(session, source));
      } else {
        super.inputReady(session, source);
      }
    } catch (Error e) {
      failed(session, e);
    }
  }

  @Override
  public void outputReady(IOSession session) throws IOException {
    try {
      if (session instanceof DirectSession own) {
        own.inTurn(this, () -> write(own));
      } else {
        super.outputReady(session);
      }
    } catch (Error e) {
      failed(session, e);
    }
  }

  /** Ends this connection only: httpcore would let the error end the I/O thread. */
  private void failed(IOSession session, Error error) {
    try {
      exception(session, ExchangeFailures.asException(error));
    } finally {
      session.close(CloseMode.IMMEDIATE);
    }
  }

  /** Within a turn. */
  void read(DirectSession session) throws IOException {
    super.inputReady(session, null);
  }

  /** Within a turn. */
  void write(DirectSession session) throws IOException {
    if (session.isInputDue()) {
      read(session);
      if (!session.isOpen()) {
        return;
      }
    }
    try {
      super.outputReady(session);
    } catch (IOException e) {
      readWhatCame(session, e);
      throw e;
    }
  }

  private void readWhatCame(DirectSession session, IOException cause) {
    try {
      do {
        read(session);
      } while (session.isOpen() && session.lastRead() > 0);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void exception(IOSession session, Exception cause) {
    atEnd(() -> super.exception(session, cause));
  }

  @Override
  public void disconnected(IOSession session) {
    atEnd(() -> super.disconnected(session));
  }

  private void atEnd(Runnable step) {
    DirectSession own = direct;
    if (own == null) {
      step.run();
    } else {
      own.atEnd(step);
    }
  }
}
