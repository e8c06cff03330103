package io.github.httpreport.examples.bench;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** {@code sendAsync} where each callback sends the next, so that no thread waits for a place. */
final class ChainedSends implements Contestant {

  /** How many sends a call stands for. */
  private static final int LINKS = 2000;

  private final ProxySender sender;
  private final List<String> bodies;
  private final int inFlight;
  private final String group = Reach.group(0);
  private final Semaphore ended = new Semaphore(0);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  ChainedSends(Setup setup, ProxySender sender) {
    this.sender = sender;
    bodies = Collections.nCopies(setup.batch(), setup.text().body().text());
    inFlight = setup.width();
  }

  @Override
  public int call(int thread) throws IOException {
    int each = LINKS / inFlight;
    for (int i = 0; i < inFlight; i++) {
      new Chain(each).next();
    }
    ended.acquireUninterruptibly(inFlight);
    Unacknowledged.check(failure.get());
    return each * inFlight * bodies.size();
  }

  @Override
  public double ownBytesPerMessage() {
    return OwnBytes.ofCallback() / bodies.size();
  }

  @Override
  public void close() {
    sender.close();
  }

  /** Sends that follow each other. */
  private final class Chain implements BiConsumer<@Nullable SendResult, @Nullable Throwable> {

    private int left;

    Chain(int length) {
      left = length;
    }

    void next() {
      left--;
      sender.sendAsync(bodies, group, Reach.STREAM).whenComplete(this);
    }

    @Override
    public void accept(@Nullable SendResult result, @Nullable Throwable error) {
      if (error != null) {
        failure.compareAndSet(null, error);
      }
      if (error == null && left > 0) {
        next();
      } else {
        ended.release();
      }
    }
  }
}
