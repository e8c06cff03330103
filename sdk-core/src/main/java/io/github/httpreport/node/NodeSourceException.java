package io.github.httpreport.node;

import io.github.httpreport.common.Printable;
import org.jspecify.annotations.Nullable;

/** A node source could not tell the nodes of a group. */
public final class NodeSourceException extends Exception {

  private static final long serialVersionUID = 1L;

  private static final int MAX_LENGTH = 1000;

  /** Why. */
  public enum Kind {
    /** No response, or none that can be read: ask again. */
    UNAVAILABLE,
    /** The source answered that this group has no nodes to give. */
    REFUSED,
    /** The source does not take the credentials. */
    UNAUTHENTICATED
  }

  /** Why. */
  private final Kind kind;

  /**
   * A failure of a node source.
   *
   * @param kind why
   * @param message names the source and its own text, never a secret; put on one line and cut at
   *     1,000 characters
   * @param cause what happened underneath, or null
   */
  public NodeSourceException(Kind kind, String message, @Nullable Throwable cause) {
    super(Printable.onOneLine(message, MAX_LENGTH), cause);
    this.kind = kind;
  }

  /**
   * Why.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }
}
