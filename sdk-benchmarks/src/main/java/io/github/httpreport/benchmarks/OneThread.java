package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Requests of one thread, which waits for a place while enough are in flight. */
abstract class OneThread implements Contestant {

  private final int inFlight;
  private final int batch;
  private final Semaphore places;
  private final Unacknowledged unacknowledged = new Unacknowledged();

  OneThread(Scenario scenario) {
    inFlight = scenario.width();
    batch = scenario.batch();
    places = new Semaphore(inFlight);
  }

  abstract void send();

  /** To be called when a request has ended, well or not. */
  final void ended(@Nullable Throwable error) {
    unacknowledged.note(error);
    places.release();
  }

  @Override
  public final int call(int thread) {
    places.acquireUninterruptibly();
    send();
    return batch;
  }

  @Override
  public final void complete() throws IOException {
    places.acquireUninterruptibly(inFlight);
    places.release(inFlight);
    unacknowledged.check();
  }
}
