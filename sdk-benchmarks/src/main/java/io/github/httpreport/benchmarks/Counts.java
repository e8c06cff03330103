package io.github.httpreport.benchmarks;

/**
 * What a server took.
 *
 * @param requests reports; 0 when the server counts messages only
 * @param bytes of these requests, heads included
 * @param bodyBytes of these requests, without heads
 * @param messages as the requests told their count
 */
record Counts(long requests, long bytes, long bodyBytes, long messages) {

  Counts minus(Counts before) {
    return new Counts(
        requests - before.requests,
        bytes - before.bytes,
        bodyBytes - before.bodyBytes,
        messages - before.messages);
  }

  /** One line, for {@link #parse}. */
  String line() {
    return requests + " " + bytes + ' ' + bodyBytes + ' ' + messages;
  }

  static Counts parse(String line) {
    String[] parts = line.split(" ", -1);
    return new Counts(
        Long.parseLong(parts[0]),
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Long.parseLong(parts[3]));
  }
}
