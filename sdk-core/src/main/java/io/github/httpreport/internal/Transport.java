package io.github.httpreport.internal;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** An exchange that can be given less time and that can be closed. */
interface Transport extends Exchange {

  /**
   * Like {@link Exchange#execute(Request, Predicate)}, within a time that starts when connected.
   */
  CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection, Duration timeout);

  /** Breaks what is on the way and frees connections and threads, waiting at most this long. */
  void close(Duration timeout);
}
