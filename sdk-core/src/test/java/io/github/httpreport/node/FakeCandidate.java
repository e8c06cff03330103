package io.github.httpreport.node;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A candidate in a state of the test's choice. */
record FakeCandidate(Node node, int inFlight, long latencyNanos, int reportedLoad)
    implements Candidate {

  static FakeCandidate number(int number) {
    Node node = Node.of("10.0." + number / 250 + '.' + number % 250, 46802);
    return new FakeCandidate(node, 0, -1, NodeList.UNKNOWN_LOAD);
  }

  static List<Candidate> list(int size) {
    return IntStream.range(0, size).<Candidate>mapToObj(FakeCandidate::number).toList();
  }

  FakeCandidate withInFlight(int requests) {
    return new FakeCandidate(node, requests, latencyNanos, reportedLoad);
  }

  FakeCandidate withMillis(long millis) {
    return withNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  FakeCandidate withNanos(long nanos) {
    return new FakeCandidate(node, inFlight, nanos, reportedLoad);
  }

  FakeCandidate withLoad(int load) {
    return new FakeCandidate(node, inFlight, latencyNanos, load);
  }

  @Override
  public int failures() {
    return 0;
  }
}
