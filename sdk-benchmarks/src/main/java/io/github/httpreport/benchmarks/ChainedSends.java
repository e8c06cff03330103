package io.github.httpreport.benchmarks;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** {@code sendAsync} where each callback sends the next. */
final class ChainedSends extends Chains {

  private final ProxySender sender;
  private final List<String> bodies;
  private final String group = Topology.group(0);

  ChainedSends(Scenario scenario, ProxySender sender) {
    super(scenario);
    this.sender = sender;
    bodies = scenario.bodies();
  }

  @Override
  Chain chain(int number, int length) {
    return new Sends(length);
  }

  @Override
  public double ownBytesPerMessage() {
    return OwnBytes.ofCallback() / bodies.size();
  }

  @Override
  public void close() {
    sender.close();
  }

  private final class Sends extends Chain
      implements BiConsumer<@Nullable SendResult, @Nullable Throwable> {

    Sends(int length) {
      super(length);
    }

    @Override
    void send() {
      sender.sendAsync(bodies, group, Topology.STREAM).whenComplete(this);
    }

    @Override
    public void accept(@Nullable SendResult result, @Nullable Throwable error) {
      ended(error);
    }
  }
}
