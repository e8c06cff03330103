package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Origin;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;

/**
 * The way from a new socket to HTTP with the server: TCP, then TLS with a proxy that wants it, then
 * a tunnel through the proxy, then TLS with the server, each where the route needs it.
 *
 * <p>States: CONNECTING, then HANDSHAKING and TUNNELLING as often as there is a layer, then
 * CONNECTED. Each layer of TLS puts a wire, a writer and a reader of its own on top of those below,
 * which nothing uses directly any more. Bytes that came behind a proxy's response would be lost
 * with the reader below, and are refused.
 *
 * <p>One thread at a time calls this: that which has the turn of the connection. Whatever is thrown
 * ends the connection before a request has begun.
 */
final class Connector {

  private enum State {
    CONNECTING,
    TUNNELLING,
    HANDSHAKING,
    CONNECTED
  }

  private final Route route;
  private final SSLContext tls;
  private final SocketChannel channel;
  private final boolean boundsTurns;

  /** The socket, or the TLS on top of what was here before; the three change together. */
  private Wire wire;

  private RequestWriter writer;
  private ResponseReader reader;
  private State state = State.CONNECTING;

  /** Whether the top layer ends at the server, past the proxy. */
  private boolean isTunnelOpen;

  /**
   * @param boundsTurns whether a turn is the I/O thread's, which reads so much of one socket only
   */
  Connector(Route route, SSLContext tls, SocketChannel channel, Wire socket, boolean boundsTurns) {
    this.route = route;
    this.tls = tls;
    this.channel = channel;
    this.boundsTurns = boundsTurns;
    wire = socket;
    writer = new RequestWriter(wire);
    reader = new ResponseReader(wire);
  }

  /** Writes to the top layer. */
  RequestWriter writer() {
    return writer;
  }

  /** Reads from the top layer. */
  ResponseReader reader() {
    return reader;
  }

  /** Takes every step that is possible now; returns what to wait for, zero when connected. */
  int advance() throws IOException {
    int waitsFor = 0;
    while (waitsFor == 0 && state != State.CONNECTED) {
      waitsFor =
          switch (state) {
            case CONNECTING -> finishConnecting();
            case TUNNELLING -> openTunnel();
            default -> shakeHands();
          };
    }
    return waitsFor;
  }

  /** At once on a socket that blocks, which has connected by now. */
  private int finishConnecting() throws IOException {
    if (!channel.finishConnect()) {
      return SelectionKey.OP_CONNECT;
    }
    if (route.firstHop().secure()) {
      secure(route.firstHop());
    } else {
      reached();
    }
    return 0;
  }

  /** The top layer speaks with the proxy, or with the server, as it wants it. */
  private void reached() {
    if (route.isTunnelled() && !isTunnelOpen) {
      reader.begin("CONNECT", 1);
      writer.beginConnect(route.server().authority());
      state = State.TUNNELLING;
    } else {
      state = State.CONNECTED;
    }
  }

  /**
   * Bytes behind the head are refused with a status of 200 too: the server speaks second in TLS.
   */
  private int openTunnel() throws IOException {
    while (!writer.isDone()) {
      if (!writer.writeSome()) {
        return SelectionKey.OP_WRITE;
      }
    }
    if (!readTunnelResponse()) {
      return SelectionKey.OP_READ;
    }
    int status = reader.status();
    if (status != HttpStatus.SC_OK || reader.hasLeftover()) {
      throw new IOException("the proxy answered " + status);
    }
    isTunnelOpen = true;
    secure(route.server());
    return 0;
  }

  /** The text of a parser quotes what it could not read, so the failure has one of its own. */
  private boolean readTunnelResponse() throws IOException {
    try {
      return reader.readHead();
    } catch (HttpException e) {
      throw new IOException("the proxy did not answer as HTTP", e);
    }
  }

  /**
   * The host name to be verified is that of the hop: the proxy's, or through the tunnel the
   * server's.
   */
  private void secure(Origin hop) throws IOException {
    wire = new TlsWire(wire, tls, hop);
    writer = new RequestWriter(wire);
    reader = new ResponseReader(wire);
    reader.beginTurn(boundsTurns);
    state = State.HANDSHAKING;
  }

  private int shakeHands() throws IOException {
    int waitsFor = ((TlsWire) wire).shakeHands();
    if (waitsFor == 0) {
      reached();
    }
    return waitsFor;
  }
}
