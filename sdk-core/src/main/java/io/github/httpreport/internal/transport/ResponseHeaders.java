package io.github.httpreport.internal.transport;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a response by their names in lower case, each with its first value.
 *
 * <p>A view, read when asked for: a success is known by its body, so most of them never are, and a
 * copy of each would be made for nothing. The parser's message does not change any more, so any
 * thread may read.
 */
final class ResponseHeaders extends AbstractMap<String, String> {

  private final HttpResponse response;

  ResponseHeaders(HttpResponse response) {
    this.response = response;
  }

  @Override
  public @Nullable String get(@Nullable Object name) {
    Header header = name instanceof String text ? response.getFirstHeader(text) : null;
    return header == null ? null : header.getValue();
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    Map<String, String> all = new HashMap<>();
    for (Header header : response.getHeaders()) {
      all.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
    }
    return all.entrySet();
  }
}
