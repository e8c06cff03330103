package io.github.httpreport.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** No whole response came. */
public final class ExchangeException extends IOException {

  private static final long serialVersionUID = 1L;

  /** How far the exchange got. */
  public enum Kind {
    /** No connection could be made in time: the request did not leave. */
    NOT_CONNECTED,
    /** The request may have left and no response came in time. */
    TIMED_OUT,
    /** The request may have left and the connection broke, or what came was not HTTP. */
    CONNECTION_LOST
  }

  /** Why. */
  private final Kind kind;

  /**
   * A failure of an exchange.
   *
   * @param kind how far it got
   * @param message what happened, with the node's address and without header or body
   * @param cause what happened underneath, or null
   */
  public ExchangeException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /**
   * How far the exchange got.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }
}
