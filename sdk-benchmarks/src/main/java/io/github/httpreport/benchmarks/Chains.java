package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Requests each of which sends the next when it ends, so that no thread waits for a place. */
abstract class Chains implements Contestant {

  /** How many requests a call stands for. */
  private static final int LINKS = 2000;

  private final int inFlight;
  private final int batch;
  private final Semaphore ended = new Semaphore(0);
  private final Unacknowledged unacknowledged = new Unacknowledged();

  Chains(Scenario scenario) {
    inFlight = scenario.width();
    batch = scenario.batch();
  }

  /** A new chain, the first request of which is not sent yet. */
  abstract Chain chain(int number, int length);

  @Override
  public final int call(int thread) throws IOException {
    int each = LINKS / inFlight;
    for (int i = 0; i < inFlight; i++) {
      chain(i, each).next();
    }
    ended.acquireUninterruptibly(inFlight);
    unacknowledged.check();
    return each * inFlight * batch;
  }

  /** Requests that follow each other. */
  abstract class Chain {

    private int left;

    Chain(int length) {
      left = length;
    }

    final void next() {
      left--;
      send();
    }

    abstract void send();

    /** To be called when a request has ended, well or not. */
    final void ended(@Nullable Throwable error) {
      unacknowledged.note(error);
      if (error == null && left > 0) {
        next();
      } else {
        ended.release();
      }
    }
  }
}
