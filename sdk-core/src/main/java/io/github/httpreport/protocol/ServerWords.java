package io.github.httpreport.protocol;

import io.github.httpreport.http.Response;
import io.github.httpreport.text.Printable;

/** Makes what a server said fit for a log line and an exception. */
public final class ServerWords {

  private static final int MAX_LENGTH = 200;

  private ServerWords() {}

  /**
   * The words on one line, without what could forge or hide a log line.
   *
   * @param words what a server said; may be long and hold anything
   * @return at most 200 chars, then dots
   */
  public static String clean(String words) {
    return Printable.onOneLine(words, MAX_LENGTH);
  }

  /**
   * What can be told of an answer without its text, which may echo a request.
   *
   * @param response the answer
   * @return status, content type and size
   */
  public static String describe(Response response) {
    String type = response.header("content-type").map(ServerWords::clean).orElse("no content type");
    return "HTTP "
        + response.status()
        + ", "
        + type
        + ", "
        + response.body().length
        + (response.truncated() ? " bytes and more" : " bytes");
  }
}
