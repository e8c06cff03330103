package io.github.httpreport.internal.node;

import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Queue of node list fetches that bounds how many are in flight, so that the first use of thousands
 * of groups asks the source steadily on a few connections.
 *
 * <p>A fetch waits, is in flight, and is over. First lists, which deliveries wait for, go before
 * refreshes; each kind is served in order. A group has one fetch here at a time, which bounds the
 * queues. A fetch without an end fails after two minutes, longer than a round of several Managers
 * takes, and its place is free again.
 *
 * <p>{@link #submit} and the end of a fetch start what fits, on their own thread. Of several
 * threads at once, one does so for all: the others add to {@code drainRequests} and leave. It runs
 * in a loop and not in a recursion, however many fetches end as soon as they start. There is no
 * lock.
 */
final class FetchQueue {

  /**
   * Fetches in flight at once: enough to keep a Manager busy, and few enough that none waits for a
   * connection.
   */
  private static final int MAX_UNDER_WAY = 16;

  private static final Duration MAX_TIME = Duration.ofMinutes(2);

  private record Fetch(
      Supplier<CompletionStage<NodeList>> source, CompletableFuture<NodeList> result) {}

  private final Scheduler scheduler;
  private final Queue<Fetch> firstLists = new ConcurrentLinkedQueue<>();
  private final Queue<Fetch> refreshes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger drainRequests = new AtomicInteger();

  FetchQueue(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Asks the source as soon as there is a place.
   *
   * @param isFirst whether the group has no list yet
   * @param source asks for the list; an exception of it fails the fetch
   */
  CompletableFuture<NodeList> submit(boolean isFirst, Supplier<CompletionStage<NodeList>> source) {
    Fetch fetch = new Fetch(source, new CompletableFuture<>());
    (isFirst ? firstLists : refreshes).add(fetch);
    drain();
    return fetch.result;
  }

  /**
   * Starts what fits. A thread that comes while another one is here adds its request to the
   * counter, and that thread goes round once more for it.
   */
  private void drain() {
    if (drainRequests.getAndIncrement() != 0) {
      return;
    }
    int served = 1;
    do {
      for (Fetch next = next(); next != null; next = next()) {
        start(next);
      }
      served = drainRequests.addAndGet(-served);
    } while (served != 0);
  }

  /** Takes the next fetch and a place for it. Only one thread at a time is here. */
  private @Nullable Fetch next() {
    if (underWay.get() >= MAX_UNDER_WAY) {
      return null;
    }
    Fetch first = firstLists.poll();
    Fetch next = first == null ? refreshes.poll() : first;
    if (next != null) {
      underWay.incrementAndGet();
    }
    return next;
  }

  private void start(Fetch fetch) {
    CompletableFuture<NodeList> result = fetch.result;
    Scheduler.Scheduled limit =
        scheduler.schedule(MAX_TIME, () -> result.completeExceptionally(neverResponded()));
    result.whenComplete((list, error) -> ended(limit));
    try {
      fetch.source.get().whenComplete((list, error) -> complete(result, list, error));
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }

  private static NodeSourceException neverResponded() {
    return new NodeSourceException(
        Kind.UNAVAILABLE, "the node source gave no answer within " + MAX_TIME, null);
  }

  private static void complete(
      CompletableFuture<NodeList> result, @Nullable NodeList list, @Nullable Throwable error) {
    if (error == null) {
      result.complete(list);
    } else {
      result.completeExceptionally(error);
    }
  }

  /** Frees the place of a fetch; on the thread that ended it, which starts the next one. */
  private void ended(Scheduler.Scheduled limit) {
    limit.cancel();
    underWay.decrementAndGet();
    drain();
  }
}
