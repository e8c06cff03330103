package io.github.httpreport.faults;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/** What the scripted nodes of one scene have stored. */
final class StoredMessages {

  /** A proxy is told of the node in the first line. */
  private static final Pattern REPORT =
      Pattern.compile("POST (?:http://[a-z.:0-9]+)?/dataproxy/message ");

  private static final String BODY = "&body=";

  private final Queue<String> messages = new ConcurrentLinkedQueue<>();

  /** Stores the messages of a request, if it is a report. */
  void keep(String request) {
    if (isReport(request)) {
      messages.addAll(bodies(request));
    }
  }

  static boolean isReport(String request) {
    return REPORT.matcher(request).lookingAt();
  }

  static List<String> bodies(String request) {
    int start = request.indexOf(BODY) + BODY.length();
    String encoded = request.substring(start, request.indexOf('&', start));
    return List.of(URLDecoder.decode(encoded, StandardCharsets.UTF_8).split("\n", -1));
  }

  List<String> messages() {
    return List.copyOf(messages);
  }
}
