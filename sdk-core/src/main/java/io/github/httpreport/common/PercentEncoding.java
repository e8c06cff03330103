package io.github.httpreport.common;

import java.nio.charset.StandardCharsets;

/** Percent-encoding of URL paths (RFC 3986): all but the unreserved characters, in UTF-8. */
public final class PercentEncoding {

  private static final String HEX = "0123456789ABCDEF";
  private static final String UNRESERVED_MARKS = "-._~";

  private PercentEncoding() {}

  /** A path whose slashes stay. */
  public static String path(String text) {
    return encode(text, UNRESERVED_MARKS + '/');
  }

  /** One segment of a path: it holds no slash afterwards. */
  public static String segment(String text) {
    return encode(text, UNRESERVED_MARKS);
  }

  private static String encode(String text, String plainMarks) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (isLetterOrDigit(octet) || plainMarks.indexOf(octet) >= 0) {
        encoded.append((char) octet);
      } else {
        encoded.append('%').append(HEX.charAt(octet >> 4 & 0xf)).append(HEX.charAt(octet & 0xf));
      }
    }
    return encoded.toString();
  }

  private static boolean isLetterOrDigit(byte octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9');
  }
}
