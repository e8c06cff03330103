package io.github.httpreport.examples.cli;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Exchanges by the HTTP client of the JDK, for questions that no sender asks. */
final class JdkExchange implements Exchange {

  private final HttpClient client;
  private final Duration requestTimeout;

  JdkExchange(Duration connectTimeout, Duration requestTimeout) {
    this(connectTimeout, requestTimeout, client -> client);
  }

  /**
   * @param settings sets TLS and the proxy
   */
  JdkExchange(
      Duration connectTimeout,
      Duration requestTimeout,
      UnaryOperator<HttpClient.Builder> settings) {
    this.requestTimeout = requestTimeout;
    client =
        settings
            .apply(HttpClient.newBuilder())
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .build();
  }

  /** Lets the client of the JDK decide which connections to keep. */
  @Override
  public CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection) {
    return client
        .sendAsync(converted(request), BodyHandlers.ofInputStream())
        .thenApplyAsync(response -> converted(response, request.maxResponseBytes()))
        .orTimeout(requestTimeout.toNanos(), TimeUnit.NANOSECONDS)
        .handle(
            (response, error) ->
                error == null
                    ? CompletableFuture.completedFuture(response)
                    : CompletableFuture.<Response>failedFuture(converted(request, error)))
        .thenCompose(outcome -> outcome);
  }

  private HttpRequest converted(Request request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(request.origin() + request.path()))
            .method(
                request.method(),
                request.body().length == 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(request.body()))
            .timeout(requestTimeout);
    request.headers().forEach(builder::setHeader);
    if (!request.contentType().isEmpty()) {
      builder.setHeader("Content-Type", request.contentType());
    }
    return builder.build();
  }

  private static Response converted(HttpResponse<InputStream> response, int maxBytes) {
    Map<String, String> headers = new HashMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    try (InputStream body = response.body()) {
      byte[] bytes = body.readNBytes(maxBytes + 1);
      return Response.status(response.statusCode())
          .headers(headers)
          .body(Arrays.copyOf(bytes, Math.min(bytes.length, maxBytes)))
          .truncated(bytes.length > maxBytes)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The words are those of a sender, so that they are found in the same documentation. */
  private ExchangeException converted(Request request, Throwable error) {
    Throwable cause = Format.unwrapped(error);
    String server = request.origin().authority();
    if (cause instanceof HttpConnectTimeoutException) {
      return new ExchangeException(
          Kind.NOT_CONNECTED, "no connection to " + server + ": timed out", cause);
    }
    if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
      return new ExchangeException(
          Kind.TIMED_OUT,
          "no answer from " + server + " within " + requestTimeout.toMillis() + " ms",
          cause);
    }
    if (cause instanceof ConnectException) {
      String text = isUnresolved(cause) ? "unknown host" : "connection refused";
      return new ExchangeException(
          Kind.NOT_CONNECTED, "no connection to " + server + ": " + text, cause);
    }
    return new ExchangeException(
        Kind.CONNECTION_LOST, "connection to " + server + " was lost: " + Format.of(cause), cause);
  }

  private static boolean isUnresolved(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }
}
