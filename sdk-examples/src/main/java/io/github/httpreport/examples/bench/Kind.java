package io.github.httpreport.examples.bench;

/** The ways to report. */
enum Kind {
  /** A request made beforehand, written to a socket that stays open. */
  RAW("raw", "threads"),
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

  Kind(String label, String unit) {
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
    return this == RAW || this == DOCUMENTED || this == SEND;
  }

  /** Whether it is this library. */
  boolean isSdk() {
    return this != RAW && this != DOCUMENTED;
  }
}
