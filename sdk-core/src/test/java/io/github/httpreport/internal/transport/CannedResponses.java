package io.github.httpreport.internal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Response;
import java.nio.channels.ClosedByInterruptException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What a node may do with a request. */
public final class CannedResponses {

  private CannedResponses() {}

  public static CompletableFuture<Response> ok() {
    return code("0", "Ok");
  }

  public static CompletableFuture<Response> code(String code, String text) {
    return CompletableFuture.completedFuture(response(code, text));
  }

  public static Response response(String code, String text) {
    String body = "{\"code\":\"" + code + "\",\"msg\":\"" + text + "\"}";
    return Response.status(200).body(body.getBytes(UTF_8)).build();
  }

  /** Began before its request had left whole. */
  public static CompletableFuture<Response> early(String code, String text) {
    Response late = response(code, text);
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

  private static CompletableFuture<Response> failed(Kind kind, String text) {
    return CompletableFuture.failedFuture(new ExchangeException(kind, text, null));
  }
}
