package io.github.httpreport.node;

import org.jspecify.annotations.Nullable;

/** A node source could not tell the nodes of a group. */
public final class NodeSourceException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Kind {
    /** Nobody answered, or nothing readable: ask again. */
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
   * @param message names the source and its own words, never a secret
   * @param cause what happened underneath, or null
   */
  public NodeSourceException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
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
