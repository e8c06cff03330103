package io.github.httpreport.internal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Response;
import java.nio.channels.ClosedByInterruptException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What a node may do with a request. */
public final class Answers {

  private Answers() {}

  public static CompletableFuture<Response> ok() {
    return code("0", "Ok");
  }

  public static CompletableFuture<Response> code(String code, String words) {
    return CompletableFuture.completedFuture(response(code, words));
  }

  public static Response response(String code, String words) {
    String body = "{\"code\":\"" + code + "\",\"msg\":\"" + words + "\"}";
    return Response.status(200).body(body.getBytes(UTF_8)).build();
  }

  /** Began before its request had left whole. */
  public static CompletableFuture<Response> early(String code, String words) {
    Response late = response(code, words);
    return CompletableFuture.completedFuture(
        Response.status(late.status()).body(late.body()).early(true).build());
  }

  public static CompletableFuture<Response> queueFull() {
    return code("114", "Put HTTP event to channel failure");
  }

  public static CompletableFuture<Response> status(int status) {
    return CompletableFuture.completedFuture(Response.status(status).build());
  }

  public static CompletableFuture<Response> retryAfter(int seconds) {
    return CompletableFuture.completedFuture(
        Response.status(503).headers(Map.of("retry-after", Integer.toString(seconds))).build());
  }

  public static CompletableFuture<Response> refused() {
    return failed(Kind.NOT_CONNECTED, "connection refused");
  }

  public static CompletableFuture<Response> timedOut() {
    return failed(Kind.TIMED_OUT, "no answer in time");
  }

  public static CompletableFuture<Response> lost() {
    return failed(Kind.CONNECTION_LOST, "connection reset");
  }

  /** What a caller finds that was interrupted while it waited for the answer. */
  public static CompletableFuture<Response> interrupted() {
    return CompletableFuture.failedFuture(
        new ExchangeException(
            Kind.CONNECTION_LOST, "interrupted", new ClosedByInterruptException()));
  }

  /** The test completes it. */
  public static CompletableFuture<Response> pending() {
    return new CompletableFuture<>();
  }

  private static CompletableFuture<Response> failed(Kind kind, String words) {
    return CompletableFuture.failedFuture(new ExchangeException(kind, words, null));
  }
}
