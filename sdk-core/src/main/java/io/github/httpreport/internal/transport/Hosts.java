package io.github.httpreport.internal.transport;

import java.util.regex.Pattern;

/** Tells addresses from names. Not httpcore's own way to do so, which has another name in 5.2. */
final class Hosts {

  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");

  /** No host name has a colon, so the JDK reads or refuses such a text without a look-up. */
  private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:][0-9A-Fa-f:.]*");

  private Hosts() {}

  /** Whether no look-up is needed. */
  static boolean isLiteral(String host) {
    return IPV4.matcher(host).matches() || IPV6.matcher(host).matches();
  }
}
