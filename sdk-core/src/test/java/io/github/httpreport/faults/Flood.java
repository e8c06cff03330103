package io.github.httpreport.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.faults.ScriptedFaultScenario.NodeScript;
import io.github.httpreport.testsupport.ScriptedConnection;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** An answer that is far too long, and how much of it a client has taken. */
final class Flood implements NodeScript {

  private static final int PIECE = 16 * 1024;

  private final String start;
  private final String piece;
  private final long bytes;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param start what comes first
   * @param more what comes again and again
   */
  Flood(String start, String more, long bytes) {
    this.start = start;
    piece = more.repeat(PIECE / more.length());
    this.bytes = bytes;
  }

  /** An answer of 100 MB that begins with this text. */
  static Flood ofBody(String text) {
    long bytes = 100L << 20;
    return new Flood("HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n" + text, "x", bytes);
  }

  static Flood ofHeaders(String header) {
    return new Flood("HTTP/1.1 200 OK\r\n", header, 100L << 20);
  }

  @Override
  public void play(ScriptedConnection connection, StoredMessages store) throws IOException {
    store.keep(connection.readRequest());
    connection.write(start);
    long written = connection.writeUntilBroken(piece, bytes);
    taken.accumulateAndGet(written, Math::max);
    connection.awaitEnd();
  }

  /** What the client cannot have read it cannot have kept: it hung up in the first quarter. */
  void assertCutOff() {
    assertThat(taken).as("bytes of the answer that were taken").hasValueLessThan(bytes / 4);
  }
}
