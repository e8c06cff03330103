package io.github.httpreport.http;

import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Sends one request and brings its one response. Safe for use by many threads; never blocks. */
public interface Exchange {

  /**
   * Sends a request.
   *
   * @param request the request
   * @param keepConnection asked once, on the response, whether the connection may carry another
   *     exchange; must be quick and must not throw
   * @return the response whatever its status, or an {@link ExchangeException}; completes on an I/O
   *     thread, where nothing may block
   */
  CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection);

  /**
   * Sends a request and keeps the connection after a whole response with status 200.
   *
   * @param request the request
   * @return as above
   */
  default CompletableFuture<Response> execute(Request request) {
    return execute(request, response -> response.status() == 200 && !response.truncated());
  }
}
