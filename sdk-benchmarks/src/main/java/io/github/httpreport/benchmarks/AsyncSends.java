package io.github.httpreport.benchmarks;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** {@code sendAsync} from one thread. */
final class AsyncSends extends OneThread {

  private final ProxySender sender;
  private final List<String> bodies;
  private final List<String> groups;
  private final BiConsumer<@Nullable SendResult, @Nullable Throwable> end;
  private int nextGroup;

  AsyncSends(Scenario scenario, ProxySender sender) {
    super(scenario);
    this.sender = sender;
    bodies = scenario.bodies();
    groups = IntStream.range(0, scenario.topology().groups()).mapToObj(Topology::group).toList();
    end = (result, error) -> ended(error);
  }

  @Override
  void send() {
    nextGroup = nextGroup + 1 < groups.size() ? nextGroup + 1 : 0;
    sender.sendAsync(bodies, groups.get(nextGroup), Topology.STREAM).whenComplete(end);
  }

  @Override
  public double ownBytesPerMessage() {
    return OwnBytes.ofCallback() / bodies.size();
  }

  @Override
  public void close() {
    sender.close();
  }
}
