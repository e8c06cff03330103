package io.github.httpreport.inlong;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts one question to one Manager after the other until one answers. Its steps run one after the
 * other, each on the thread that completed the one before.
 */
final class ManagerRound {

  private final List<ManagerUrl> managers;
  private final AtomicInteger lastAnswered;
  private final ManagerQuestion question;
  private final Exchange exchange;
  private final int first;
  private final List<NodeSourceException> failures = new ArrayList<>();

  ManagerRound(
      List<ManagerUrl> managers,
      AtomicInteger lastAnswered,
      ManagerQuestion question,
      Exchange exchange) {
    this.managers = managers;
    this.lastAnswered = lastAnswered;
    this.question = question;
    this.exchange = exchange;
    first = lastAnswered.get();
  }

  CompletableFuture<ManagerAnswer> ask() {
    int index = (first + failures.size()) % managers.size();
    ManagerUrl manager = managers.get(index);
    return exchange
        .execute(question.to(manager))
        .handle((response, failure) -> answerOf(index, response, failure))
        .thenCompose(Function.identity());
  }

  private CompletableFuture<ManagerAnswer> answerOf(
      int index, @Nullable Response response, @Nullable Throwable failure) {
    if (response == null) {
      return next(index, "did not answer: " + wordsOf(failure), failure);
    }
    try {
      ManagerAnswer answer = question.read(response);
      lastAnswered.set(index);
      return CompletableFuture.completedFuture(answer);
    } catch (NodeSourceException noAnswer) {
      if (noAnswer.kind() == Kind.UNAVAILABLE) {
        return next(index, String.valueOf(noAnswer.getMessage()), null);
      }
      lastAnswered.set(index);
      return CompletableFuture.failedFuture(
          failureOf(index, noAnswer.kind(), String.valueOf(noAnswer.getMessage()), null));
    }
  }

  private CompletableFuture<ManagerAnswer> next(
      int index, String words, @Nullable Throwable failure) {
    failures.add(failureOf(index, Kind.UNAVAILABLE, words, failure));
    return failures.size() < managers.size() ? ask() : CompletableFuture.failedFuture(allFailed());
  }

  private NodeSourceException failureOf(
      int index, Kind kind, String words, @Nullable Throwable cause) {
    return new NodeSourceException(kind, "Manager " + managers.get(index) + ' ' + words, cause);
  }

  private NodeSourceException allFailed() {
    NodeSourceException last = failures.get(failures.size() - 1);
    if (failures.size() == 1) {
      return last;
    }
    String words = failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; "));
    return new NodeSourceException(
        Kind.UNAVAILABLE, "none of " + failures.size() + " Managers answered: " + words, last);
  }

  private static String wordsOf(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause == null || cause.getMessage() == null ? "no reason given" : cause.getMessage();
  }
}
