package io.github.httpreport.internal.delivery;

import io.github.httpreport.common.Futures;
import io.github.httpreport.internal.node.GroupNodes;
import io.github.httpreport.internal.node.NodeDirectory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Search for the nodes of a delivery's group, which takes a while only on the first use of the
 * group.
 *
 * <p>The result may come on any thread: at once on the thread that asks, or later on the one that
 * ends the fetch, which then runs the next step of the delivery. Blocks only where the thread is
 * one that waits for the delivery anyway; a delivery without one keeps no thread while it waits.
 */
final class NodeLookup {

  private final NodeDirectory directory;
  private final String groupId;
  private final DeliveryOutcome outcome;
  private final DeliveryDeadline deadline;

  NodeLookup(
      NodeDirectory directory, String groupId, DeliveryOutcome outcome, DeliveryDeadline deadline) {
    this.directory = directory;
    this.groupId = groupId;
    this.outcome = outcome;
    this.deadline = deadline;
  }

  /**
   * Goes on with the nodes or with the reason why none is known; at the deadline, the delivery
   * ends.
   *
   * @param callerWaits whether this thread may block until the nodes are known
   */
  void find(boolean callerWaits, Consumer<GroupNodes> found, Consumer<Throwable> failed) {
    CompletableFuture<GroupNodes> nodes = directory.nodes(groupId);
    boolean known =
        callerWaits
            ? isKnownWithin(nodes, deadline.nanosLeft())
            : nodes.isDone() && !nodes.isCompletedExceptionally();
    if (known) {
      found.accept(nodes.join());
    } else {
      await(nodes, found, failed);
    }
  }

  /** An interrupt or a time-out is no failure here: the delivery goes on without the caller. */
  private static boolean isKnownWithin(CompletableFuture<GroupNodes> nodes, long nanos) {
    try {
      nodes.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  /** Goes on when the fetch ends, or times out; the guard lets only one of the two happen. */
  private void await(
      CompletableFuture<GroupNodes> nodes, Consumer<GroupNodes> found, Consumer<Throwable> failed) {
    DeadlineGuard guard = outcome.guard();
    nodes.whenComplete(
        (group, error) ->
            outcome.guarded(
                () -> {
                  if (!guard.pass()) {
                    return;
                  }
                  Throwable cause = Futures.unwrap(error);
                  if (cause == null) {
                    found.accept(group);
                  } else {
                    failed.accept(cause);
                  }
                }));
    guard.closeAtDeadline();
  }
}
