package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a node or the Manager goes wrong. Immutable. A report that meets a fault is not
 * stored, unless the fault says that it is.
 */
public final class Fault {

  /** When a fault strikes. */
  enum Strike {
    ACCEPT,
    FIRST_BYTE,
    REQUEST
  }

  /** What becomes of the connection. */
  enum Ending {
    AS_USUAL,
    KEEP,
    CLOSE,
    RESET,
    HANG
  }

  /**
   * What a fault does to a request.
   *
   * @param stores whether the request is served as usual, before anything else
   * @param response what is written; null for the usual answer
   * @param ending what becomes of the connection
   */
  private record Effect(boolean stores, @Nullable Reply response, Ending ending) {}

  /** The codes that the real server does not close the connection behind. */
  private static final Set<String> OPEN_CODES =
      Set.of("0", "100", "101", "103", "104", "111", "115", "120");

  private static final String SINK_NOT_READY = "sink not ready";
  private static final Effect AS_USUAL = new Effect(true, null, Ending.AS_USUAL);

  private final String name;
  private final Strike strike;
  private final Effect effect;
  private final Duration delay;

  private Fault(String name, Strike strike, Effect effect, Duration delay) {
    this.name = name;
    this.strike = strike;
    this.effect = effect;
    this.delay = delay;
  }

  private static Fault silent(String name, Strike strike, Ending ending) {
    return new Fault(name, strike, new Effect(false, Reply.NONE, ending), Duration.ZERO);
  }

  private static Fault responding(String name, Reply response, Ending ending) {
    return new Fault(name, Strike.REQUEST, new Effect(false, response, ending), Duration.ZERO);
  }

  private static Fault storing(String name, Reply response, Ending ending) {
    return new Fault(name, Strike.REQUEST, new Effect(true, response, ending), Duration.ZERO);
  }

  /**
   * CannedResponses with this code. The connection is kept or closed as the real server does for
   * it: kept after 0, 100, 101, 103, 104, 111, 115 and 120, closed after any other.
   *
   * @param code the code, for example {@code 116}
   * @param msg the text, sent unescaped
   * @return the fault
   */
  public static Fault code(String code, String msg) {
    requireNonNull(code, "code");
    requireNonNull(msg, "msg");
    Ending ending = OPEN_CODES.contains(code) ? Ending.KEEP : Ending.CLOSE;
    return responding("code " + code, Reply.json(code, msg, null, false), ending);
  }

  /**
   * CannedResponses with this code and a text of its own, otherwise as {@link #code(String,
   * String)}.
   *
   * @param code the code, for example {@code 116}
   * @return the fault
   */
  public static Fault code(String code) {
    return code(code, "Scripted answer with code " + code);
  }

  /**
   * CannedResponses with an HTTP status. The connection is kept, unless a header says {@code
   * Connection: close}.
   *
   * @param httpStatus from 200 to 999
   * @param body the text of the body
   * @param headers more headers, each as {@code Name: value}; the length is added
   * @return the fault
   * @throws IllegalArgumentException if the status is out of range or a header has no colon
   */
  public static Fault status(int httpStatus, String body, String... headers) {
    Arguments.between(200, 999, httpStatus, "httpStatus");
    byte[] bytes = body.getBytes(UTF_8);
    StringBuilder head = new StringBuilder("HTTP/1.1 " + httpStatus + " Scripted\r\n");
    boolean close = false;
    for (String header : headers) {
      if (header.indexOf(':') < 1) {
        throw new IllegalArgumentException("headers must each be \"Name: value\"");
      }
      head.append(header).append("\r\n");
      close |= header.toLowerCase(Locale.ROOT).replace(" ", "").equals("connection:close");
    }
    head.append("content-length: ").append(bytes.length).append("\r\n\r\n");
    Reply response = Reply.of(Reply.concat(head.toString().getBytes(UTF_8), bytes));
    return responding("status " + httpStatus, response, close ? Ending.CLOSE : Ending.KEEP);
  }

  /**
   * Reads the request and stays silent; the connection stays open until the client gives up.
   *
   * @return the fault
   */
  public static Fault noResponse() {
    return silent("no answer", Strike.REQUEST, Ending.HANG);
  }

  /**
   * Takes whatever comes and answers nothing, neither a report nor a heartbeat; the connection
   * stays open until the client gives up. Requests that were read before are still answered.
   *
   * @return the fault
   */
  public static Fault blackHole() {
    return silent("black hole", Strike.FIRST_BYTE, Ending.HANG);
  }

  /**
   * Resets the connection when the first byte of a request arrives, a heartbeat or a report.
   *
   * @return the fault
   */
  public static Fault resetBeforeRead() {
    return silent("reset before read", Strike.FIRST_BYTE, Ending.RESET);
  }

  /**
   * Reads the request and resets the connection.
   *
   * @return the fault
   */
  public static Fault resetAfterRead() {
    return silent("reset after read", Strike.REQUEST, Ending.RESET);
  }

  /**
   * Accepts the next connection and closes it in good order without a byte, as a node does that has
   * too many. A connection that is open already meets this at its next request.
   *
   * @return the fault
   */
  public static Fault closeAfterAccept() {
    return silent("close after accept", Strike.ACCEPT, Ending.CLOSE);
  }

  /**
   * Stores the report and resets the connection instead of answering.
   *
   * @return the fault
   */
  public static Fault storeThenReset() {
    return storing("store then reset", Reply.NONE, Ending.RESET);
  }

  /**
   * Stores the report and stays silent; the connection stays open until the client gives up.
   *
   * @return the fault
   */
  public static Fault storeThenNoResponse() {
    return storing("store then no answer", Reply.NONE, Ending.HANG);
  }

  /**
   * Writes these bytes instead of a response.
   *
   * @param response the bytes, copied
   * @param close whether the connection is closed behind them
   * @return the fault
   */
  public static Fault raw(byte[] response, boolean close) {
    return responding("raw", Reply.of(response.clone()), close ? Ending.CLOSE : Ending.KEEP);
  }

  /**
   * Serves the request as usual, stores the report, and answers later.
   *
   * @param delay how much later, in addition to any delay of the server itself; not negative
   * @return the fault
   * @throws IllegalArgumentException if the delay is negative
   */
  public static Fault slow(Duration delay) {
    return new Fault("slow", Strike.REQUEST, AS_USUAL, Pause.notNegative(delay));
  }

  /**
   * Stores the report, writes the first half of the response that says so, and closes.
   *
   * @return the fault
   */
  public static Fault halfResponse() {
    byte[] whole = Reply.OK.bytes();
    Reply half = Reply.of(Arrays.copyOf(whole, whole.length / 2));
    return storing("half answer", half, Ending.CLOSE);
  }

  /**
   * Stores the report and says so in a response of code 0 with a text of this size.
   *
   * @param bytes how long the text is
   * @return the fault
   * @throws IllegalArgumentException if the size is below 1
   */
  public static Fault oversizedResponse(int bytes) {
    String text = "x".repeat(Arguments.atLeast(1, bytes, "bytes"));
    Reply response = Reply.json("0", text, null, false);
    return storing("oversized answer", response, Ending.KEEP);
  }

  /**
   * The queue behind the node is not ready: code 1, and the connection closed. While this is what
   * comes next, heartbeats and other paths are answered so too, without using it up.
   *
   * @return the fault
   */
  public static Fault sinkNotReady() {
    return responding(
        SINK_NOT_READY, Reply.json("1", "Service sink not ready", null, true), Ending.CLOSE);
  }

  /**
   * The queue in the node is full: code 114, and the connection closed.
   *
   * @return the fault
   */
  public static Fault queueFull() {
    Reply response = Reply.json("114", Reply.QUEUE_FULL, null, true);
    return responding("queue full", response, Ending.CLOSE);
  }

  /**
   * Stores the report, says so, and writes behind it at once what a node writes on a connection
   * that was idle for too long, and closes.
   *
   * @return the fault
   */
  public static Fault unsolicited() {
    Reply response = Reply.of(Reply.concat(Reply.OK.bytes(), Reply.IDLE.bytes()));
    return storing("unsolicited", response, Ending.CLOSE);
  }

  boolean strikes(Strike when) {
    return strike == when;
  }

  boolean stores() {
    return effect.stores();
  }

  boolean meetsEveryPath() {
    return name.equals(SINK_NOT_READY);
  }

  Duration delay() {
    return delay;
  }

  /** What to write where the usual answer would be this one. */
  byte[] response(Reply usual) {
    Reply own = effect.response();
    return own == null ? usual.bytes() : own.bytes();
  }

  /** What becomes of the connection where the usual answer would be this one. */
  Ending ending(Reply usual) {
    if (effect.ending() != Ending.AS_USUAL) {
      return effect.ending();
    }
    return usual.close() ? Ending.CLOSE : Ending.KEEP;
  }

  @Override
  public String toString() {
    return "Fault[" + name + ']';
  }
}
