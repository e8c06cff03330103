package io.github.httpreport.benchmarks;

import java.util.List;

/** httpclient5's minimal client where each answer's callback sends the next request. */
final class ChainedPosts extends Chains {

  private final MinimalClient client;

  ChainedPosts(Scenario scenario, List<String> nodes) {
    super(scenario);
    client = new MinimalClient(scenario, nodes);
  }

  @Override
  Chain chain(int number, int length) {
    return new Posts(number, length);
  }

  @Override
  public void close() {
    client.close();
  }

  private final class Posts extends Chain {

    private final int number;
    private final MinimalClient.End end = new MinimalClient.End(this::ended);

    Posts(int number, int length) {
      super(length);
      this.number = number;
    }

    @Override
    void send() {
      client.post(number, end);
    }
  }
}
