package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.apache.hc.core5.http.ssl.TLS;
import org.apache.hc.core5.http.ssl.TlsCiphers;

/**
 * The bytes within TLS, by the JDK's engine. The engine compares the certificate with the host name
 * within the handshake, before anything of a request leaves.
 *
 * <p>Three buffers hold what came and is not decrypted, what is decrypted and not read, and what is
 * encrypted and not written: a record each, and four to be written at once. {@code received} is
 * ready to be filled between two calls, the other two are ready to be emptied.
 *
 * <p>States, those of the engine: the handshake, in which it asks for records to be read, records
 * to be written and tasks to be run; then application data, in which it asks for the same now and
 * then, such as for new keys. {@code unsent} is empty before anything is encrypted, so that records
 * leave in the order in which the engine made them.
 *
 * <p>One thread at a time calls it: that which has the turn of the connection. The tasks run on
 * that thread too: they check a certificate, once for a connection.
 */
final class TlsWire implements Wire {

  /** A body of usual size is one write, as it is without TLS. */
  private static final int RECORDS_A_WRITE = 4;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final String HOST_NAME_AS_IN_HTTPS = "HTTPS";
  private static final String HTTP_1_1 = "http/1.1";

  private final Wire socket;
  private final SSLEngine engine;
  private final ByteBuffer received;
  private final ByteBuffer decrypted;
  private final ByteBuffer unsent;

  TlsWire(Wire socket, SSLContext context, Origin server) throws SSLException {
    this.socket = socket;
    engine = engine(context, server);
    received = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    decrypted = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
    unsent = ByteBuffer.allocate(RECORDS_A_WRITE * received.capacity()).flip();
    engine.beginHandshake();
  }

  /**
   * An engine that nothing else is to be set on. Each setting stands here and on no default, since
   * defaults differ between JDKs, and httpcore's between its versions.
   */
  static SSLEngine engine(SSLContext context, Origin server) {
    SSLEngine engine = context.createSSLEngine(server.host(), server.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(HOST_NAME_AS_IN_HTTPS);
    parameters.setProtocols(TLS.excludeWeak(parameters.getProtocols()));
    parameters.setCipherSuites(TlsCiphers.excludeWeak(parameters.getCipherSuites()));
    parameters.setApplicationProtocols(new String[] {HTTP_1_1});
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** Goes on with the handshake; returns what to wait for, zero when it is complete. */
  int shakeHands() throws IOException {
    while (flush()) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NOT_HANDSHAKING) {
        return 0;
      }
      if (status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_WRAP) {
        respond();
      } else {
        int progress = decrypt();
        if (progress < 0) {
          throw new SSLException("the server closed the connection during the handshake");
        } else if (progress == 0) {
          return SelectionKey.OP_READ;
        }
      }
    }
    return SelectionKey.OP_WRITE;
  }

  /** Does what the engine asks for besides reading; it asks again where the socket was full. */
  private void respond() throws IOException {
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      for (Runnable task = engine.getDelegatedTask();
          task != null;
          task = engine.getDelegatedTask()) {
        task.run();
      }
    } else if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && flush()) {
      encrypt(NOTHING);
    }
  }

  /** Above zero if it made progress, zero if nothing is there, below zero at the end. */
  private int decrypt() throws IOException {
    SSLEngineResult.Status status = SSLEngineResult.Status.BUFFER_UNDERFLOW;
    if (received.position() > 0) {
      received.flip();
      decrypted.compact();
      try {
        status = engine.unwrap(received, decrypted).getStatus();
      } finally {
        received.compact();
        decrypted.flip();
      }
    }
    return switch (status) {
      case OK -> 1;
      case BUFFER_UNDERFLOW -> receive();
      case BUFFER_OVERFLOW -> throw new SSLException("a record of the server is too long");
      case CLOSED -> -1;
    };
  }

  /** Only a record longer than the engine itself announced fills the buffer and is not whole. */
  private int receive() throws IOException {
    if (!received.hasRemaining()) {
      throw new SSLException("a record of the server is too long");
    }
    return socket.read(received);
  }

  /** As many records as there is room for; the caller has flushed those before. */
  private void encrypt(ByteBuffer source) throws IOException {
    unsent.clear();
    try {
      do {
        if (engine.wrap(source, unsent).getStatus() == SSLEngineResult.Status.CLOSED) {
          throw new SSLException("the server closed the connection");
        }
      } while (source.hasRemaining() && unsent.remaining() >= received.capacity());
    } finally {
      unsent.flip();
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    while (!decrypted.hasRemaining()) {
      int progress = decrypt();
      if (progress <= 0) {
        return progress;
      }
      // Such as new keys; session tickets ask for nothing.
      respond();
    }
    int length = Math.min(target.remaining(), decrypted.remaining());
    target.put(target.position(), decrypted, decrypted.position(), length);
    target.position(target.position() + length);
    decrypted.position(decrypted.position() + length);
    return length;
  }

  /** Counts what the engine took: the bytes have left when {@link #flush} says so. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    if (!flush()) {
      return 0;
    }
    int before = source.remaining();
    encrypt(source);
    flush();
    return before - source.remaining();
  }

  @Override
  public boolean flush() throws IOException {
    while (unsent.hasRemaining()) {
      if (socket.write(unsent) == 0) {
        return false;
      }
    }
    return socket.flush();
  }
}
