package io.github.httpreport.flink;

import io.github.httpreport.testkit.StoredRecord;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The numbers that a cluster has stored, each a message of its own, and what happens when so many
 * were. The threads of the nodes call it; the steps run one after the other on a thread of its own,
 * because a node waits for its requests when it stops.
 */
final class StoredIds implements Consumer<StoredRecord>, AutoCloseable {

  private record Step(long storedMessages, Runnable action) {}

  private final BitSet ids = new BitSet();
  private final Queue<Step> steps = new ArrayDeque<>();
  private final ExecutorService stepThread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "steps of a test");
            thread.setDaemon(true);
            return thread;
          });
  private long messages;

  /** Adds a step, later ones with larger counts. */
  StoredIds at(long storedMessages, Runnable action) {
    steps.add(new Step(storedMessages, action));
    return this;
  }

  @Override
  public synchronized void accept(StoredRecord report) {
    for (String message : report.messages()) {
      ids.set(Integer.parseInt(message));
      messages++;
    }
    while (!steps.isEmpty() && steps.peek().storedMessages() <= messages) {
      stepThread.execute(steps.remove().action());
    }
  }

  /** Returns when so many messages are stored. */
  void await(long storedMessages) throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    synchronized (this) {
      if (messages >= storedMessages) {
        return;
      }
      at(storedMessages, reached::countDown);
    }
    if (!reached.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("only " + messages() + " of " + storedMessages + " were stored");
    }
  }

  /** All messages, each as often as it was stored. */
  synchronized long messages() {
    return messages;
  }

  synchronized int distinct() {
    return ids.cardinality();
  }

  /** The first number from 0 that was not stored. */
  synchronized int firstMissing() {
    return ids.nextClearBit(0);
  }

  synchronized int stepsLeft() {
    return steps.size();
  }

  @Override
  public void close() {
    stepThread.shutdown();
  }
}
