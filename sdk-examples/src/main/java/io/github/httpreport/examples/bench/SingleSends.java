package io.github.httpreport.examples.bench;

import io.github.httpreport.ProxySender;
import java.util.List;
import java.util.function.BooleanSupplier;

/** {@code send} of one message after the other. One thread. */
final class SingleSends implements Contestant {

  static final String NAME = "send";

  private final ProxySender sender;
  private final List<String> bodies;

  SingleSends(ProxySender sender, String body) {
    this.sender = sender;
    bodies = List.of(body);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public long report(BooleanSupplier goOn) {
    long acknowledged = 0;
    do {
      sender.send(bodies, Topic.GROUP, Topic.STREAM);
      acknowledged++;
    } while (goOn.getAsBoolean());
    return acknowledged;
  }

  @Override
  public void close() {
    sender.close();
  }
}
