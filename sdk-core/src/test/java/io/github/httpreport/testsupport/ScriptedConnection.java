package io.github.httpreport.testsupport;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** One connection of a {@link ScriptedServer}, with what a server can do to its client. */
public final class ScriptedConnection {

  private static final int PATIENCE_MILLIS = 20_000;
  private static final int MAX_HEAD = 64 * 1024;
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)\r\n");

  private final int index;
  private final Consumer<String> requests;
  private volatile Socket socket;
  private volatile InputStream in;
  private volatile boolean ended;

  ScriptedConnection(int index, Socket socket, Consumer<String> requests) throws IOException {
    this.index = index;
    this.requests = requests;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Which connection of its server this is, from 0. */
  public int index() {
    return index;
  }

  /** Whether the client has closed or reset the connection, as far as the script has noticed. */
  public boolean ended() {
    return ended;
  }

  /** One whole request with the body that its Content-Length tells; recorded. */
  public String readRequest() throws IOException {
    String head = head();
    Matcher length = LENGTH.matcher(head);
    String request = length.find() ? head + body(Integer.parseInt(length.group(1))) : head;
    requests.accept(request);
    return request;
  }

  /** One request up to the empty line, its body left unread; recorded. */
  public String readHead() throws IOException {
    String head = head();
    requests.accept(head);
    return head;
  }

  /** So many bytes of what comes next, and throws them away. */
  public void skip(int bytes) throws IOException {
    body(bytes);
  }

  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      if (head.length() > MAX_HEAD) {
        throw new AssertionError("a request head of more than " + MAX_HEAD + " bytes");
      }
      head.append((char) one());
    }
    return head.toString();
  }

  private String body(int length) throws IOException {
    try {
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        ended = true;
        throw new EOFException("the client ended within a body");
      }
      return new String(body, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  private int one() throws IOException {
    try {
      int b = in.read();
      if (b < 0) {
        ended = true;
        throw new EOFException("the client closed the connection");
      }
      return b;
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  /** Writes, one byte for a character. */
  public void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Writes at once. */
  public void write(byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  /** Writes one byte each time the gate is opened. */
  public void writeSlowly(String text, Gate gate) throws IOException {
    for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
      gate.pass();
      write(new byte[] {b});
    }
  }

  /** Writes the same again and again until the client goes away; returns the bytes it took. */
  public long writeUntilBroken(String text, long limit) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    long written = 0;
    try {
      for (; written < limit; written += bytes.length) {
        write(bytes);
      }
    } catch (IOException e) {
      return written;
    }
    return written;
  }

  /** Reads on, and throws away, until the client closes or resets the connection. */
  public void awaitEnd() throws IOException {
    try {
      byte[] rest = new byte[8192];
      while (in.read(rest) >= 0) {
        // What comes does not matter.
      }
      ended = true;
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  /** Closes this direction only, so that the client's own end can still be seen. */
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Resets the connection: the client's reads and writes fail. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Goes on in TLS, as a proxy's tunnel does for the server behind it. */
  public void startTls(SSLContext context) throws IOException {
    SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
    tls.setUseClientMode(false);
    socket = tls;
    in = new BufferedInputStream(tls.getInputStream());
  }

  /** The name in the certificate that the client has shown. */
  public String clientName() throws SSLPeerUnverifiedException {
    return ((SSLSocket) socket).getSession().getPeerPrincipal().getName();
  }

  /** Closes the connection in good order. */
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private IOException noticed(IOException e) {
    if (e instanceof SocketTimeoutException) {
      throw new AssertionError("the client did nothing for " + PATIENCE_MILLIS + " ms", e);
    }
    ended = true;
    return e;
  }
}
