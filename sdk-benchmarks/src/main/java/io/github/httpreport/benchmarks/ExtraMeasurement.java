package io.github.httpreport.benchmarks;

/** What is measured besides the contestants. */
enum ExtraMeasurement {
  /** The time of {@code enqueue} itself that 999 of 1,000 calls stay below, in milliseconds. */
  SLOW_SERVER("slow server"),
  /** From main to the first acknowledged message, as a ratio to the documented client. */
  STARTUP("startup"),
  /** Of sdk-core and what it needs at run time, in MB. */
  SIZE("size"),
  /** How many threads more a sender has with many nodes or groups. */
  THREADS("threads");

  private final String label;

  ExtraMeasurement(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
