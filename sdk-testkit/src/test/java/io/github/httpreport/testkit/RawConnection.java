package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;

/** A socket on which a test writes and reads bytes, so that no client hides what a server sends. */
final class RawConnection implements AutoCloseable {

  static final String GOOD_BODY = "groupId=g&streamId=s&dt=1700000000001&body=good&cnt=1";
  static final String GOOD_RESPONSE =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\ncontent-length: 23"
          + "\r\n\r\n{\"code\":\"0\",\"msg\":\"Ok\"}";

  private final Socket socket;

  private RawConnection(Socket socket) {
    this.socket = socket;
  }

  static RawConnection to(int port) {
    try {
      Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
      socket.setSoTimeout(20_000);
      return new RawConnection(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RawConnection to(LocalNode node) {
    return to(node.port());
  }

  /** A report as any client would send it. */
  static byte[] post(String body) {
    return post(body, "Content-Type: application/x-www-form-urlencoded");
  }

  static byte[] post(String body, String... headers) {
    return post(body.getBytes(UTF_8), headers);
  }

  static byte[] post(byte[] body, String... headers) {
    StringBuilder head = new StringBuilder("POST /dataproxy/message HTTP/1.1\r\nHost: h\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    return Reply.concat(head.toString().getBytes(ISO_8859_1), body);
  }

  RawConnection write(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawConnection write(String text) {
    return write(text.getBytes(UTF_8));
  }

  /**
   * One whole answer, byte for byte: up to the empty line, and the body that the head announces.
   */
  String read() {
    try {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) one());
      }
      return head + body(head.toString().toLowerCase(Locale.ROOT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String body(String head) throws IOException {
    int at = head.indexOf("content-length: ");
    if (at >= 0) {
      int end = head.indexOf('\r', at);
      byte[] body = new byte[Integer.parseInt(head.substring(at + 16, end))];
      for (int i = 0; i < body.length; i++) {
        body[i] = (byte) one();
      }
      return new String(body, UTF_8);
    }
    return head.contains("transfer-encoding: chunked") ? chunks() : "";
  }

  private String chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (!all.toString(ISO_8859_1).endsWith("0\r\n\r\n")) {
      all.write(one());
    }
    return all.toString(UTF_8);
  }

  private int one() throws IOException {
    int b = socket.getInputStream().read();
    if (b < 0) {
      throw new EOFException("the server closed the connection");
    }
    return b;
  }

  /** Everything up to the end of the stream. */
  String readAll() {
    try {
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the server ended the connection in good order, with nothing more to read. */
  boolean ended() {
    return readAll().isEmpty();
  }

  /** Whether the server reset the connection. */
  boolean wasReset() {
    try {
      return socket.getInputStream().read() < -1;
    } catch (SocketException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether nothing comes for a while: for the one answer that never comes. */
  boolean silentFor(int millis) {
    try {
      socket.setSoTimeout(millis);
      return socket.getInputStream().read() < -1;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
