package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * An exchange that can be given less time and that can be closed.
 *
 * <p>Any thread calls it. Each call ends, with a response or an {@link
 * io.github.httpreport.http.ExchangeException}, and no call after {@link #close} sends anything.
 */
public interface Transport extends Exchange {

  /** Leaves the limits of the settings, for connecting and for the request, as the only ones. */
  Duration UNLIMITED = Duration.ofDays(365);

  @Override
  default CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection) {
    return execute(request, keepConnection, UNLIMITED);
  }

  /**
   * Like {@link Exchange#execute(Request, Predicate)}, and all of it, connecting included, in no
   * more than this time.
   */
  CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection, Duration limit);

  /**
   * The same for a caller that waits for the response and does nothing else meanwhile: may block
   * and do all of it on the calling thread.
   */
  default CompletableFuture<Response> executeHere(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    return execute(request, keepConnection, limit);
  }

  /** Ends the calls under way and frees connections and threads, waiting at most this long. */
  void close(Duration timeout);
}
