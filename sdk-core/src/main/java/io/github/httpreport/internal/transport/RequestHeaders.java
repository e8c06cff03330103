package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpVersion;

/** The head of a request as it goes on the wire. */
final class RequestHeaders {

  private RequestHeaders() {}

  static boolean hasBody(Request request) {
    return !request.method().equals("GET");
  }

  static String scheme(Origin origin) {
    return origin.secure() ? "https" : "http";
  }

  /** Adds the version and every header field. */
  static void addFields(HttpRequest head, Request request) {
    head.setVersion(HttpVersion.HTTP_1_1);
    head.addHeader(HttpHeaders.HOST, request.host());
    if (hasBody(request)) {
      head.addHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(request.body().length));
    }
    if (!request.contentType().isEmpty()) {
      head.addHeader(HttpHeaders.CONTENT_TYPE, request.contentType());
    }
    request.headers().forEach(head::addHeader);
  }
}
