package io.github.httpreport.internal.node;

import io.github.httpreport.common.Futures;
import io.github.httpreport.common.Printable;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Fetches node lists from the application's source, for a few groups at a time, and takes an empty
 * list for a failure: a group without nodes would end every delivery at once.
 */
final class NodeListFetcher {

  private final NodeSource source;
  private final Exchange exchange;
  private final FetchQueue queue;
  private final NodeSourceLog log;

  NodeListFetcher(NodeSource source, Exchange exchange, Scheduler scheduler) {
    this.source = source;
    this.exchange = exchange;
    queue = new FetchQueue(scheduler);
    log = new NodeSourceLog(scheduler);
  }

  /**
   * Fetches the list of a group.
   *
   * @param first whether deliveries wait for it, which puts it before the refreshes in the queue
   */
  CompletableFuture<NodeList> fetch(String groupId, boolean first) {
    return queue.submit(first, () -> ask(groupId));
  }

  private CompletionStage<NodeList> ask(String groupId) {
    try {
      return log.watch(source.fetch(groupId, exchange))
          .thenCompose(list -> refuseEmpty(groupId, list));
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Fails for an empty list. That is a refusal and not an outage, so a first use ends at once and
   * an older list stays.
   */
  private static CompletionStage<NodeList> refuseEmpty(String groupId, NodeList list) {
    return list.nodes().isEmpty()
        ? CompletableFuture.failedFuture(
            new NodeSourceException(
                Kind.REFUSED,
                "the node source lists no node for group " + Printable.escaped(groupId),
                null))
        : CompletableFuture.completedFuture(list);
  }

  /**
   * The cause of a failed fetch, never null: a source may end one with neither a list nor an error.
   */
  static Throwable unwrap(@Nullable Throwable error) {
    Throwable known = Futures.unwrap(error);
    return known == null ? new IllegalStateException("no list and no error") : known;
  }
}
