package io.github.httpreport.examples.doctor;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.inlong.InLongProtocol;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Verdict;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks a node of InLong for its heartbeat. Safe for use by many threads. */
public final class HealthCheck {

  /**
   * What a node answered.
   *
   * @param latency null where it is not well
   * @param problem empty where it is well
   */
  public record Result(@Nullable Duration latency, String problem) {}

  private final InLongProtocol protocol = InLongProtocol.create();
  private final Exchange exchange;

  /**
   * Asks over an exchange.
   *
   * @param exchange sends the requests
   */
  public HealthCheck(Exchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Asks twice and times the second answer: the first one pays for the connection, and for what
   * this process does for the first time.
   *
   * @param node the node
   * @return a future that never fails
   */
  public CompletableFuture<Result> ask(Node node) {
    return askOnce(node)
        .thenCompose(
            first ->
                first.latency() == null ? CompletableFuture.completedFuture(first) : askOnce(node));
  }

  private CompletableFuture<Result> askOnce(Node node) {
    Request request = protocol.probe(node).orElseThrow();
    long start = System.nanoTime();
    return exchange
        .execute(request)
        .handle(
            (response, error) ->
                response == null
                    ? new Result(null, error == null ? "no response" : Text.of(error))
                    : result(response, Duration.ofNanos(System.nanoTime() - start)));
  }

  private Result result(Response response, Duration latency) {
    Verdict verdict = protocol.classify(response);
    return verdict instanceof Verdict.Accepted
        ? new Result(latency, "")
        : new Result(null, "answered " + textOf(verdict));
  }

  /** The code of a server with its words in parentheses, as a sender writes them. */
  static String textOf(Verdict verdict) {
    return (verdict.code() + ' ' + reason(verdict)).strip();
  }

  private static String reason(Verdict verdict) {
    if (verdict instanceof Verdict.Retry retry) {
      return '(' + retry.reason() + ')';
    }
    return verdict instanceof Verdict.Rejected rejected ? '(' + rejected.reason() + ')' : "";
  }
}
