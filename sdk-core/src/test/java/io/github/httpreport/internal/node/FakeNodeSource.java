package io.github.httpreport.internal.node;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A Manager whose answers the test completes by hand. */
public final class FakeNodeSource implements NodeSource {

  private final List<Fetch> fetches = new CopyOnWriteArrayList<>();

  @Override
  public CompletionStage<NodeList> fetch(String groupId, Exchange exchange) {
    Fetch fetch = new Fetch(groupId, new CompletableFuture<>());
    fetches.add(fetch);
    return fetch.response;
  }

  List<Fetch> fetches() {
    return fetches;
  }

  public int count() {
    return fetches.size();
  }

  public Fetch last() {
    return fetches.get(fetches.size() - 1);
  }

  public record Fetch(String groupId, CompletableFuture<NodeList> response) {

    public void list(NodeList list) {
      response.complete(list);
    }

    public void fail(Kind kind) {
      response.completeExceptionally(
          new NodeSourceException(kind, "manager says " + kind + " for " + groupId, null));
    }
  }
}
