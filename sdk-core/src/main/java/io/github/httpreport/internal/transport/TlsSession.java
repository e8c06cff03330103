package io.github.httpreport.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ssl.SSLIOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the reactor with TLS. Its I/O is done by the I/O thread alone. What it adds to
 * httpcore's session: it reads before it begins a request, so that bytes nobody asked for are found
 * first; and when it cannot write, it reads the response that made the server close.
 */
final class TlsSession extends ExpectingSession {

  /** Of a TLS record at most each; a response that is kept whole has 64 KiB. */
  private static final int LAST_READS = 8;

  private final Events events;

  TlsSession(SSLIOSession session) {
    super(session);
    events = new Events(session.getHandler());
  }

  @Override
  public IOEventHandler getHandler() {
    return events;
  }

  /** Those of the socket, before they are decrypted. */
  private final class Events implements IOEventHandler {
    private final IOEventHandler tls;

    Events(IOEventHandler tls) {
      this.tls = tls;
    }

    @Override
    public void connected(IOSession session) throws IOException {
      tls.connected(session);
    }

    @Override
    public void inputReady(IOSession session, @Nullable ByteBuffer source) throws IOException {
      tls.inputReady(session, source);
    }

    @Override
    public void outputReady(IOSession session) throws IOException {
      if (isInputDue()) {
        tls.inputReady(session, null);
      }
      try {
        tls.outputReady(session);
      } catch (IOException e) {
        readWhatCame(session, e);
        throw e;
      }
    }

    private void readWhatCame(IOSession session, IOException cause) {
      try {
        for (int i = 0; i < LAST_READS && isOpen(); i++) {
          tls.inputReady(session, null);
        }
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }

    @Override
    public void timeout(IOSession session, Timeout timeout) throws IOException {
      tls.timeout(session, timeout);
    }

    @Override
    public void exception(IOSession session, Exception cause) {
      tls.exception(session, cause);
    }

    @Override
    public void disconnected(IOSession session) {
      tls.disconnected(session);
    }
  }
}
