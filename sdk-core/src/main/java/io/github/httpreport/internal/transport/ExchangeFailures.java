package io.github.httpreport.internal.transport;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Origin;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The words for an exchange that failed. */
public final class ExchangeFailures {

  private ExchangeFailures() {}

  /** Something thrown, for an interface of httpcore's that knows exceptions only. */
  static Exception asException(Throwable thrown) {
    return thrown instanceof Exception e ? e : new IOException(thrown.toString(), thrown);
  }

  static ExchangeException notConnected(Route route, String why, @Nullable Exception cause) {
    Origin proxy = route.proxy();
    String by =
        proxy != null && cause != null && ConnectFailures.isOfAddress(cause)
            ? " by " + proxy.authority()
            : "";
    return new ExchangeException(
        ExchangeException.Kind.NOT_CONNECTED,
        "no connection to "
            + route.server().authority()
            + (proxy == null ? ": " : " through the proxy: ")
            + why
            + by,
        cause);
  }

  static ExchangeException timedOut(Origin origin, long millis) {
    return new ExchangeException(
        ExchangeException.Kind.TIMED_OUT,
        "no answer from " + origin.authority() + " within " + millis + " ms",
        null);
  }

  public static ExchangeException answeredEarly(Origin origin) {
    return new ExchangeException(
        ExchangeException.Kind.CONNECTION_LOST,
        "connection to "
            + origin.authority()
            + " was lost: the server reported success before it had the whole request",
        null);
  }

  /**
   * The text of an HTTP parser quotes what it could not read, so only its kind is told. That of TLS
   * names an alert, such as that a client certificate is wanted or not trusted.
   */
  public static ExchangeException lost(Origin origin, Throwable thrown) {
    Throwable cause = thrown.getCause() instanceof Error error ? error : thrown;
    String kind = cause.getClass().getSimpleName();
    return new ExchangeException(
        ExchangeException.Kind.CONNECTION_LOST,
        "connection to "
            + origin.authority()
            + " was lost: "
            + (cause instanceof SSLException ? kind + ": " + cause.getMessage() : kind),
        cause instanceof Error ? cause : null);
  }
}
