package io.github.httpreport.node;

import io.github.httpreport.common.Printable;
import io.github.httpreport.http.Origin;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the address of a node as people write it. */
final class NodeAddress {

  private static final Pattern FORM =
      Pattern.compile("(?:(https?)://)?(?:\\[([0-9A-Fa-f:.]+)]|([^:/@\\[\\]]+)):([0-9]{1,5})/?");

  private NodeAddress() {}

  static Origin parse(String address) {
    Matcher matcher = FORM.matcher(address);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "an address must be host:port, optionally after http:// or https://, but is "
              + quoted(address));
    }
    boolean secure = "https".equals(lower(matcher.group(1)));
    String host = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
    return new Origin(secure, host, Integer.parseInt(matcher.group(4)));
  }

  /** What stands before an at sign may be a password. */
  private static String quoted(String address) {
    return address.indexOf('@') < 0 ? Printable.quoted(address) : "one with an @";
  }

  private static String lower(String scheme) {
    return scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
  }
}
