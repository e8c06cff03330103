package io.github.httpreport.internal;

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
final class FakeNodeSource implements NodeSource {

  private final List<Fetch> fetches = new CopyOnWriteArrayList<>();

  @Override
  public CompletionStage<NodeList> fetch(String groupId, Exchange exchange) {
    Fetch fetch = new Fetch(groupId, new CompletableFuture<>());
    fetches.add(fetch);
    return fetch.answer;
  }

  List<Fetch> fetches() {
    return fetches;
  }

  int count() {
    return fetches.size();
  }

  Fetch last() {
    return fetches.get(fetches.size() - 1);
  }

  record Fetch(String groupId, CompletableFuture<NodeList> answer) {

    void list(NodeList list) {
      answer.complete(list);
    }

    void fail(Kind kind) {
      answer.completeExceptionally(
          new NodeSourceException(kind, "manager says " + kind + " for " + groupId, null));
    }
  }
}
