package io.github.httpreport.benchmarks;

/** The ways to report. */
enum MessageKind {
  /** A request made beforehand, written to a socket that stays open. */
  RAW("raw", "threads"),
  /** The same, with the form encoded for each request, which every client has to do. */
  RAW_ENCODING("raw with encoding", "threads"),
  /** httpclient5's minimal client with forms made beforehand, from one thread, which waits. */
  MINIMAL("minimal client", "in flight"),
  /** httpclient5's minimal blocking client with forms made beforehand. */
  MINIMAL_BLOCKING("minimal blocking client", "threads"),
  /** As {@link #MINIMAL}, from the callbacks of the requests before, on its I/O thread. */
  MINIMAL_CHAINED("minimal client from callbacks", "in flight"),
  /** One POST for each call, as the public documentation of HTTP reporting shows it. */
  DOCUMENTED("documented client", "threads"),
  /** {@code send}. */
  SEND("send", "threads"),
  /** {@code sendAsync} from one thread, which waits while too many are on the way. */
  SEND_ASYNC("sendAsync", "in flight"),
  /** {@code sendAsync} from the callbacks of the sends before. */
  SEND_CHAINED("sendAsync from callbacks", "in flight"),
  /** {@code enqueue}. */
  ENQUEUE("enqueue", "threads");

  private final String label;
  private final String unit;

  MessageKind(String label, String unit) {
    this.label = label;
    this.unit = unit;
  }

  String label() {
    return label;
  }

  /** What its width counts. */
  String unit() {
    return unit;
  }

  /** Whether a call ends with the answer, so that its time means something. */
  boolean isBlocking() {
    return switch (this) {
      case RAW, RAW_ENCODING, MINIMAL_BLOCKING, DOCUMENTED, SEND -> true;
      case MINIMAL, MINIMAL_CHAINED, SEND_ASYNC, SEND_CHAINED, ENQUEUE -> false;
    };
  }

  /** Whether it is this library. */
  boolean isSdk() {
    return switch (this) {
      case SEND, SEND_ASYNC, SEND_CHAINED, ENQUEUE -> true;
      case RAW, RAW_ENCODING, MINIMAL, MINIMAL_BLOCKING, MINIMAL_CHAINED, DOCUMENTED -> false;
    };
  }
}
