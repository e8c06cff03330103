package io.github.httpreport.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Response;
import java.nio.channels.ClosedByInterruptException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What a node may do with a request. */
final class Answers {

  private Answers() {}

  static CompletableFuture<Response> ok() {
    return code("0", "Ok");
  }

  static CompletableFuture<Response> code(String code, String words) {
    return CompletableFuture.completedFuture(response(code, words));
  }

  static Response response(String code, String words) {
    String body = "{\"code\":\"" + code + "\",\"msg\":\"" + words + "\"}";
    return Response.status(200).body(body.getBytes(UTF_8)).build();
  }

  /** Began before its request had left whole. */
  static CompletableFuture<Response> early(String code, String words) {
    Response late = response(code, words);
    return CompletableFuture.completedFuture(
        Response.status(late.status()).body(late.body()).early(true).build());
  }

  static CompletableFuture<Response> queueFull() {
    return code("114", "Put HTTP event to channel failure");
  }

  static CompletableFuture<Response> status(int status) {
    return CompletableFuture.completedFuture(Response.status(status).build());
  }

  static CompletableFuture<Response> retryAfter(int seconds) {
    return CompletableFuture.completedFuture(
        Response.status(503).headers(Map.of("retry-after", Integer.toString(seconds))).build());
  }

  static CompletableFuture<Response> refused() {
    return failed(Kind.NOT_CONNECTED, "connection refused");
  }

  static CompletableFuture<Response> timedOut() {
    return failed(Kind.TIMED_OUT, "no answer in time");
  }

  static CompletableFuture<Response> lost() {
    return failed(Kind.CONNECTION_LOST, "connection reset");
  }

  /** What a caller finds that was interrupted while it waited for the answer. */
  static CompletableFuture<Response> interrupted() {
    return CompletableFuture.failedFuture(
        new ExchangeException(
            Kind.CONNECTION_LOST, "interrupted", new ClosedByInterruptException()));
  }

  /** The test completes it. */
  static CompletableFuture<Response> pending() {
    return new CompletableFuture<>();
  }

  private static CompletableFuture<Response> failed(Kind kind, String words) {
    return CompletableFuture.failedFuture(new ExchangeException(kind, words, null));
  }
}
