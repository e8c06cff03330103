package io.github.httpreport.benchmarks;

import io.github.httpreport.ProxySender;
import java.util.List;

/** {@code send} of one batch after the other. */
final class BlockingSends implements Contestant {

  private final ProxySender sender;
  private final List<String> bodies;
  private final String group = Topology.group(0);

  BlockingSends(Scenario scenario, ProxySender sender) {
    this.sender = sender;
    bodies = scenario.bodies();
  }

  @Override
  public int call(int thread) {
    sender.send(bodies, group, Topology.STREAM);
    return bodies.size();
  }

  @Override
  public void close() {
    sender.close();
  }
}
