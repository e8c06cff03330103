package io.github.httpreport.examples.bench;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** {@code sendAsync} from one thread, which waits while enough are in flight. */
final class AsyncSends implements Contestant {

  private final ProxySender sender;
  private final List<String> bodies;
  private final List<String> groups;
  private final int inFlight;
  private final Semaphore places;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final BiConsumer<@Nullable SendResult, @Nullable Throwable> end = this::ended;
  private int nextGroup;

  AsyncSends(Setup setup, ProxySender sender) {
    this.sender = sender;
    bodies = Collections.nCopies(setup.batch(), setup.text().body().text());
    groups = IntStream.range(0, setup.reach().groups()).mapToObj(Reach::group).toList();
    inFlight = setup.width();
    places = new Semaphore(inFlight);
  }

  @Override
  public int call(int thread) {
    places.acquireUninterruptibly();
    nextGroup = nextGroup + 1 < groups.size() ? nextGroup + 1 : 0;
    sender.sendAsync(bodies, groups.get(nextGroup), Reach.STREAM).whenComplete(end);
    return bodies.size();
  }

  private void ended(@Nullable SendResult result, @Nullable Throwable error) {
    if (error != null) {
      failure.compareAndSet(null, error);
    }
    places.release();
  }

  @Override
  public void settle() throws IOException {
    places.acquireUninterruptibly(inFlight);
    places.release(inFlight);
    Unacknowledged.check(failure.get());
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
