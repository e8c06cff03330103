package io.github.httpreport.common;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Helpers for futures. */
public final class Futures {

  private Futures() {}

  /**
   * The error that a future failed with, without the wrapper that a dependent future puts round it.
   */
  public static @Nullable Throwable unwrap(@Nullable Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}
