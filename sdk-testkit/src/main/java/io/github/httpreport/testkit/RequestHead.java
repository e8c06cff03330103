package io.github.httpreport.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first line and the headers of a request.
 *
 * @param method as sent: {@code post} is not {@code POST}
 * @param uri as sent
 * @param version as sent, for example {@code HTTP/1.1}
 * @param headers the first value of each, by its name in lower case
 * @param contentLength what it announced, or 0
 */
record RequestHead(
    String method, String uri, String version, Map<String, String> headers, long contentLength) {

  private static final Pattern VERSION = Pattern.compile("\\S+/\\d+\\.\\d+");
  private static final Pattern SPACES = Pattern.compile("\\s+");

  static RequestHead parse(List<String> lines) throws BadRequestException {
    String[] first = requestLine(lines.get(0));
    Map<String, String> headers = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      addHeader(headers, line);
    }
    return new RequestHead(first[0], first[1], first[2], headers, contentLength(headers));
  }

  /** Method, URI and version. */
  static String[] requestLine(String line) throws BadRequestException {
    String[] parts = SPACES.split(line.strip(), 3);
    if (parts.length < 3 || !isVersion(parts[2])) {
      throw new BadRequestException("not a request line");
    }
    return parts;
  }

  private static boolean isVersion(String text) {
    return text.equals("HTTP/1.1") || VERSION.matcher(text).matches();
  }

  private static void addHeader(Map<String, String> headers, String line)
      throws BadRequestException {
    int colon = line.indexOf(':');
    if (colon < 1 || hasSpace(line, colon)) {
      throw new BadRequestException("not a header");
    }
    String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
    String value = line.substring(colon + 1).strip();
    String earlier = headers.putIfAbsent(name, value);
    if (name.equals("content-length") && earlier != null && !earlier.equals(value)) {
      throw new BadRequestException("two content lengths");
    }
  }

  private static boolean hasSpace(String line, int end) {
    for (int i = 0; i < end; i++) {
      if (line.charAt(i) <= ' ') {
        return true;
      }
    }
    return false;
  }

  private static long contentLength(Map<String, String> headers) throws BadRequestException {
    String value = headers.get("content-length");
    if (value == null) {
      return 0;
    }
    boolean digits = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || value.length() > 18) {
      throw new BadRequestException("not a content length");
    }
    return Long.parseLong(value);
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  boolean chunked() {
    return "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
  }

  boolean saysClose() {
    return "close".equalsIgnoreCase(headers.get("connection"));
  }

  boolean isHttp10() {
    return version.equals("HTTP/1.0");
  }

  /** HTTP/1.0 knows no such wait. */
  boolean expectsContinue() {
    return !isHttp10() && "100-continue".equalsIgnoreCase(headers.get("expect"));
  }

  /** Whether it expects something that no server knows. */
  boolean expectsOther() {
    return !isHttp10() && headers.containsKey("expect") && !expectsContinue();
  }

  /** The URI without query, still escaped. */
  String rawPath() {
    return uri.substring(0, pathEnd());
  }

  /** What stands behind the question mark, still escaped; empty without one. */
  String rawQuery() {
    int end = pathEnd();
    return end < uri.length() && uri.charAt(end) == '?' ? uri.substring(end + 1) : "";
  }

  private int pathEnd() {
    for (int i = 0; i < uri.length(); i++) {
      if (uri.charAt(i) == '?' || uri.charAt(i) == '#') {
        return i;
      }
    }
    return uri.length();
  }
}
