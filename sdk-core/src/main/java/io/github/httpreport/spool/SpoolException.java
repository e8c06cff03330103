package io.github.httpreport.spool;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A spool that cannot be used, now or at all. */
public final class SpoolException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** Why it cannot be used. */
  public enum Kind {
    /** Another sender, of this process or another one, has the directory. */
    IN_USE,
    /** What stands in it was encoded for another kind of server. */
    OTHER_PROTOCOL,
    /** The library that keeps it is not there. */
    STORE_ABSENT,
    /** The disk does not do what it should: it is full, read-only or gone. */
    UNUSABLE,
    /** What stands in it is not what was written. */
    DAMAGED
  }

  private final Kind kind;

  public SpoolException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /**
   * Why it cannot be used.
   *
   * @return never null
   */
  public Kind kind() {
    return kind;
  }
}
