package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers as the HTTP server behind eKuiper's push sources does. */
final class EkuiperService implements Service {

  /** What Go's path cleaning would change. */
  private static final Pattern UNCLEAN = Pattern.compile("//|/\\.{1,2}(/|$)");

  private final EkuiperEndpoints endpoints;
  private final boolean version1;

  EkuiperService(EkuiperEndpoints endpoints, boolean version1) {
    this.endpoints = endpoints;
    this.version1 = version1;
  }

  @Override
  public Reply response(ReceivedRequest request) {
    RequestHead head = request.head();
    boolean close = head.saysClose();
    String path = path(head.rawPath());
    if (path == null || head.header("host") == null) {
      return GoReply.BAD_REQUEST;
    }
    if (UNCLEAN.matcher(path).find()) {
      String location = location(path, head.rawQuery());
      return GoReply.empty("301 Moved Permanently", "Location: " + location + "\r\n", close);
    }
    String method = endpoints.method(path);
    if (method == null) {
      return GoReply.error("404 Not Found", "404 page not found", close);
    }
    return method.equals(head.method())
        ? take(path, request)
        : GoReply.empty("405 Method Not Allowed", "", close);
  }

  /** The path decoded, also of a whole URI; null where it cannot be. */
  private static @Nullable String path(String rawPath) {
    try {
      return rawPath.startsWith("/")
          ? new URI("http://server" + rawPath).getPath()
          : new URI(rawPath).getPath();
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static String location(String path, String rawQuery) {
    try {
      String escaped = new URI(null, null, clean(path), null).toASCIIString();
      return rawQuery.isEmpty() ? escaped : escaped + '?' + rawQuery;
    } catch (URISyntaxException e) {
      throw new IllegalStateException("an absolute path is a URI", e);
    }
  }

  private static String clean(String path) {
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    return '/'
        + String.join("/", segments)
        + (path.endsWith("/") && segments.size() > 0 ? "/" : "");
  }

  private Reply take(String path, ReceivedRequest request) {
    boolean close = request.head().saysClose();
    String body = new String(request.body(), 0, request.length(), UTF_8);
    Optional<List<String>> objects = JsonTuples.read(body, !version1);
    if (objects.isEmpty()) {
      endpoints.lose();
      return version1
          ? GoReply.error("400 Bad Request", "Fail to decode data: not a JSON object", close)
          : GoReply.ok(close);
    }
    endpoints.give(path, objects.get());
    return GoReply.ok(close);
  }

  /** The real one has no limit; an array has one. */
  @Override
  public int maxBytes() {
    return Integer.MAX_VALUE - 8;
  }

  @Override
  public Reply undecodable(String received) {
    return GoReply.BAD_REQUEST;
  }
}
