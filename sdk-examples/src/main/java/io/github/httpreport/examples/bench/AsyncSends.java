package io.github.httpreport.examples.bench;

import io.github.httpreport.ProxySender;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** {@code sendAsync} of single messages, a fixed number of them in flight. One calling thread. */
final class AsyncSends implements Contestant {

  private final ProxySender sender;
  private final List<String> bodies;
  private final int inFlight;

  AsyncSends(ProxySender sender, String body, int inFlight) {
    this.sender = sender;
    bodies = List.of(body);
    this.inFlight = inFlight;
  }

  static String name(int inFlight) {
    return "sendAsync, " + inFlight + " in flight";
  }

  @Override
  public String name() {
    return name(inFlight);
  }

  @Override
  public long report(BooleanSupplier goOn) throws IOException {
    Acknowledgements acknowledgements = new Acknowledgements();
    Semaphore places = new Semaphore(inFlight);
    do {
      places.acquireUninterruptibly();
      sender
          .sendAsync(bodies, Topic.GROUP, Topic.STREAM)
          .whenComplete(
              (result, error) -> {
                acknowledgements.accept(result, error);
                places.release();
              });
    } while (goOn.getAsBoolean());
    places.acquireUninterruptibly(inFlight);
    return acknowledgements.count();
  }

  @Override
  public void close() {
    sender.close();
  }
}
