package io.github.httpreport.benchmarks;

import java.util.List;

/** httpclient5's minimal client from one thread. */
final class MinimalSends extends OneThread {

  private final MinimalClient client;
  private final MinimalClient.End end = new MinimalClient.End(this::ended);
  private int next;

  MinimalSends(Scenario scenario, List<String> nodes) {
    super(scenario);
    client = new MinimalClient(scenario, nodes);
  }

  @Override
  void send() {
    next = next == Integer.MAX_VALUE ? 0 : next + 1;
    client.post(next, end);
  }

  @Override
  public void close() {
    client.close();
  }
}
