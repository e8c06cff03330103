package io.github.httpreport.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.impl.nio.ClientHttp1IOEventHandler;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on a connection, in the turns of its {@link DirectSession}. With TLS there are none:
 * only the I/O thread comes here then.
 */
final class DirectEvents extends ClientHttp1IOEventHandler {

  private volatile @Nullable DirectSession direct;

  DirectEvents(ClientHttp1StreamDuplexer duplexer) {
    super(duplexer);
  }

  boolean isConnected() {
    return direct != null;
  }

  @Override
  public void connected(IOSession session) throws IOException {
    super.connected(session);
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
        own.inTurn(this, () -> super.outputReady(session));
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
    super.outputReady(session);
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
