package io.github.httpreport.inlong;

import io.github.httpreport.common.Futures;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts one question to one Manager after the other until one responds. Its steps run one after the
 * other, each on the thread that completed the one before.
 */
final class ManagerRound {

  private final List<ManagerUrl> managers;
  private final AtomicInteger lastResponded;
  private final ManagerRequest question;
  private final Exchange exchange;
  private final int first;
  private final List<NodeSourceException> failures = new ArrayList<>();

  ManagerRound(
      List<ManagerUrl> managers,
      AtomicInteger lastResponded,
      ManagerRequest question,
      Exchange exchange) {
    this.managers = managers;
    this.lastResponded = lastResponded;
    this.question = question;
    this.exchange = exchange;
    first = lastResponded.get();
  }

  CompletableFuture<ManagerResponse> ask() {
    int index = (first + failures.size()) % managers.size();
    return exchange
        .execute(question.to(managers.get(index)))
        .handle((response, failure) -> responseOf(index, response, failure))
        .thenCompose(read -> read.map(CompletableFuture::completedFuture).orElseGet(this::next));
  }

  private CompletableFuture<ManagerResponse> next() {
    return failures.size() < managers.size() ? ask() : CompletableFuture.failedFuture(allFailed());
  }

  /** Empty when the next Manager may do better. */
  private Optional<ManagerResponse> responseOf(
      int index, @Nullable Response response, @Nullable Throwable failure) {
    if (response == null) {
      failures.add(
          failureOf(index, Kind.UNAVAILABLE, "did not answer: " + textOf(failure), failure));
      return Optional.empty();
    }
    try {
      ManagerResponse read = question.read(response);
      lastResponded.set(index);
      return Optional.of(read);
    } catch (NodeSourceException noList) {
      NodeSourceException named = failureOf(index, noList.kind(), textOf(noList), null);
      if (noList.kind() == Kind.UNAVAILABLE) {
        failures.add(named);
        return Optional.empty();
      }
      lastResponded.set(index);
      throw new CompletionException(named);
    }
  }

  private NodeSourceException failureOf(
      int index, Kind kind, String text, @Nullable Throwable cause) {
    return new NodeSourceException(kind, "Manager " + managers.get(index) + ' ' + text, cause);
  }

  private NodeSourceException allFailed() {
    NodeSourceException last = failures.get(failures.size() - 1);
    if (failures.size() == 1) {
      return last;
    }
    String text = failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; "));
    return new NodeSourceException(
        Kind.UNAVAILABLE, "none of " + failures.size() + " Managers answered: " + text, last);
  }

  private static String textOf(@Nullable Throwable failure) {
    Throwable cause = Futures.unwrap(failure);
    return cause == null || cause.getMessage() == null ? "no reason given" : cause.getMessage();
  }
}
