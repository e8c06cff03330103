package io.github.httpreport.examples.bench;

import io.github.httpreport.ProxySender;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** {@code enqueue} of messages, as many as there is room for. One calling thread. */
final class Enqueues implements Contestant {

  static final String NAME = "enqueue";

  private final ProxySender sender;
  private final String body;

  Enqueues(ProxySender sender, String body) {
    this.sender = sender;
    this.body = body;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public long report(BooleanSupplier goOn) throws IOException {
    Acknowledgements acknowledgements = new Acknowledgements();
    do {
      sender.enqueue(body, Topic.GROUP, Topic.STREAM).whenComplete(acknowledgements);
    } while (goOn.getAsBoolean());
    sender.flush().join();
    return acknowledgements.count();
  }

  @Override
  public void close() {
    sender.close();
  }
}
