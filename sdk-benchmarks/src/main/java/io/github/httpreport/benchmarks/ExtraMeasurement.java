package io.github.httpreport.benchmarks;

/** Measurement in addition to those of the contestants. */
enum ExtraMeasurement {
  /** The time of {@code enqueue} itself that 999 of 1,000 calls stay below, in milliseconds. */
  SLOW_SERVER("slow server"),
  /** From main to the first acknowledged message, as a ratio to the documented client. */
  STARTUP("startup"),
  /** Of sdk-core and what it needs at run time, in MB. */
  SIZE("size"),
  /** How many threads more a sender has with many nodes or groups. */
  THREADS("threads"),
  /** {@code send} on 8 threads, to the minimal blocking client, on nodes that decode forms. */
  DECODED_SEND("decoding server, send"),
  /** {@code sendAsync} with 16 in flight, to the minimal client, on nodes that decode forms. */
  DECODED_ASYNC("decoding server, sendAsync"),
  /** The rate of the first messages of a process to the steady one. */
  FIRST_MESSAGES("first messages"),
  /** {@code enqueue} to nodes 20 ms away, to nodes on this machine. */
  DELAYED_NETWORK("delayed network");

  private final String label;

  ExtraMeasurement(String label) {
    this.label = label;
  }

  /** Whether the server of the plan must be one that can be slow. */
  boolean needsLeanServer() {
    return this == SLOW_SERVER || this == DELAYED_NETWORK;
  }

  String label() {
    return label;
  }
}
