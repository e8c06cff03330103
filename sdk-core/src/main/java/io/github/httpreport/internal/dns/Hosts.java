package io.github.httpreport.internal.dns;

/** Addresses in place of host names. Every request asks, so this neither matches nor allocates. */
public final class Hosts {

  private static final int MAX_PART = 255;

  private Hosts() {}

  /**
   * Whether no look-up is needed. No host name has a colon, so the JDK reads or refuses a text with
   * one without a look-up, unless it names a network interface.
   */
  public static boolean isLiteral(String host) {
    return isIpv4(host) || (host.indexOf(':') >= 0 && host.indexOf('%') < 0);
  }

  /** Four decimal numbers without leading zeros; the JDK may look up everything else. */
  private static boolean isIpv4(String host) {
    int dots = 0;
    int digits = 0;
    int part = 0;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == '.' && digits > 0) {
        dots++;
        digits = 0;
        part = 0;
      } else if (c >= '0' && c <= '9' && (digits == 0 || part > 0)) {
        digits++;
        part = part * 10 + c - '0';
        if (part > MAX_PART) {
          return false;
        }
      } else {
        return false;
      }
    }
    return dots == 3 && digits > 0;
  }
}
