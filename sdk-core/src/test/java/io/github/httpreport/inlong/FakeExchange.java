package io.github.httpreport.inlong;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Answers each host from its script, the last answer again and again, and keeps the requests. */
final class FakeExchange implements Exchange {

  private final Map<String, Queue<CompletableFuture<Response>>> scripts = new HashMap<>();
  private final List<Request> requests = new ArrayList<>();

  FakeExchange response(String host, int status, String body) {
    return response(host, Response.status(status).body(body.getBytes(UTF_8)).build());
  }

  FakeExchange response(String host, Response response) {
    return script(host, CompletableFuture.completedFuture(response));
  }

  FakeExchange fail(String host) {
    String text = "connection refused by " + host;
    return script(
        host,
        CompletableFuture.failedFuture(
            new ExchangeException(ExchangeException.Kind.NOT_CONNECTED, text, null)));
  }

  FakeExchange script(String host, CompletableFuture<Response> answer) {
    scripts.computeIfAbsent(host, any -> new ArrayDeque<>()).add(answer);
    return this;
  }

  @Override
  public CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection) {
    requests.add(request);
    Queue<CompletableFuture<Response>> script = scripts.get(request.origin().host());
    // A copy, as a future that completes later runs what hangs on it only then.
    return (script.size() > 1 ? script.remove() : script.element()).copy();
  }

  List<Request> requests() {
    return requests;
  }

  Request lastRequest() {
    return requests.get(requests.size() - 1);
  }

  List<String> hosts() {
    return requests.stream().map(request -> request.origin().host()).toList();
  }
}
