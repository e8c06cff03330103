package io.github.httpreport.internal.transport;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Origin;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The failures of an exchange: how far it got, for the delivery, and a text, for people.
 *
 * <p>The kind decides whether a request is sent again without the risk of a duplicate, so it is
 * never better than what is known: where something may have left, it has left. No text holds
 * anything of a request, a header or a body, and nothing that a server sent. The cause is an {@code
 * Error} or what the JDK threw while connecting; that of a parser would quote the server.
 */
public final class ExchangeFailures {

  private ExchangeFailures() {}

  /** The cause of a failure is an exception, also where an {@code Error} was thrown. */
  static Exception asException(Throwable thrown) {
    return thrown instanceof Exception e ? e : new IOException(thrown.toString(), thrown);
  }

  /** Names the proxy where it refused: to its user that is another machine than the server. */
  static ExchangeException notConnected(Route route, String why, @Nullable Exception cause) {
    Origin proxy = route.proxy();
    String way = proxy == null ? ": " : " through the proxy: ";
    boolean byProxy = proxy != null && cause != null && ConnectFailures.isOfAddress(cause);
    String by = byProxy ? " by " + route.firstHop().authority() : "";
    return new ExchangeException(
        Kind.NOT_CONNECTED,
        "no connection to " + route.server().authority() + way + why + by,
        cause);
  }

  static ExchangeException timedOut(Origin origin, long millis) {
    return new ExchangeException(
        Kind.TIMED_OUT, "no answer from " + origin.authority() + " within " + millis + " ms", null);
  }

  /** A success that no server can know of yet: something between the two sent it. */
  public static ExchangeException answeredEarly(Origin origin) {
    return lost(origin, "the server reported success before it had the whole request", null);
  }

  /**
   * The text of an HTTP parser quotes what it could not read, so the failure names its class only.
   * That of TLS names an alert, such as that a client certificate is wanted or not trusted. An
   * interrupt is the caller's own doing, and no fault of the node's.
   */
  public static ExchangeException lost(Origin origin, Throwable thrown) {
    if (thrown instanceof ClosedByInterruptException) {
      String text = "interrupted while waiting for " + origin.authority();
      return new ExchangeException(Kind.CONNECTION_LOST, text, thrown);
    }
    Throwable cause = thrown.getCause() instanceof Error error ? error : thrown;
    String why = cause.getClass().getSimpleName();
    if (cause instanceof SSLException) {
      why += ": " + cause.getMessage();
    }
    return lost(origin, why, cause instanceof Error ? cause : null);
  }

  private static ExchangeException lost(Origin origin, String why, @Nullable Throwable cause) {
    return new ExchangeException(
        Kind.CONNECTION_LOST, "connection to " + origin.authority() + " was lost: " + why, cause);
  }
}
