package io.github.httpreport.ckafka;

import io.github.httpreport.common.Printable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks ids of DataHubs, so that they need no escaping. */
final class DataHubId {

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private DataHubId() {}

  static String require(@Nullable String id, String name) {
    if (id == null || !FORM.matcher(id).matches()) {
      throw new IllegalArgumentException(
          name
              + " is "
              + Printable.quoted(id)
              + ", but must be 1 to 128 letters, digits, dots, dashes and underscores");
    }
    return id;
  }
}
