package io.github.httpreport.common;

import java.util.Locale;

/** Names of failures for metrics: few words, whatever an application throws. */
public final class FailureNames {

  private static final String ERRORS = "io.github.httpreport.error";

  private FailureNames() {}

  /**
   * The name of a failure.
   *
   * @param cause the failure
   * @return the class without {@code Exception}, as {@code buffer_full}; {@code other} for a class
   *     that is not one of the library's
   */
  public static String of(RuntimeException cause) {
    String name = cause.getClass().getSimpleName();
    boolean known =
        cause.getClass().getPackageName().equals(ERRORS) && !name.equals("SendException");
    return known
        ? name.replace("Exception", "")
            .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
            .toLowerCase(Locale.ROOT)
        : "other";
  }
}
