package io.github.httpreport.http;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.common.Checks;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One HTTP request. Immutable, but for the body's bytes, which are shared with the caller and must
 * not change.
 */
public final class Request {

  /** How many bytes of a response's body are kept, unless a request says otherwise. */
  public static final int DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024;

  private static final byte[] NO_BODY = {};

  private final Origin origin;
  private final String method;
  private final String path;
  private final String host;
  private final Map<String, String> headers;
  private final String contentType;
  private final byte[] body;
  private final int maxResponseBytes;

  private Request(Builder builder) {
    origin = builder.origin;
    method = builder.method;
    path = builder.path;
    host = builder.host.isEmpty() ? origin.authority() : builder.host;
    headers =
        builder.headers.isEmpty()
            ? Map.of()
            : Collections.unmodifiableMap(new LinkedHashMap<>(builder.headers));
    contentType = builder.contentType;
    body = builder.body;
    maxResponseBytes = builder.maxResponseBytes;
  }

  /**
   * Starts a GET.
   *
   * @param origin the server
   * @param path the path and query, starting with a slash, percent-encoded
   * @return a new builder
   */
  public static Builder get(Origin origin, String path) {
    return new Builder(origin, "GET", path);
  }

  /**
   * Starts a POST.
   *
   * @param origin the server
   * @param path the path and query, starting with a slash, percent-encoded
   * @return a new builder
   */
  public static Builder post(Origin origin, String path) {
    return new Builder(origin, "POST", path);
  }

  /**
   * Starts a PUT.
   *
   * @param origin the server
   * @param path the path and query, starting with a slash, percent-encoded
   * @return a new builder
   */
  public static Builder put(Origin origin, String path) {
    return new Builder(origin, "PUT", path);
  }

  /**
   * The server.
   *
   * @return never null
   */
  public Origin origin() {
    return origin;
  }

  /**
   * The method.
   *
   * @return in upper case
   */
  public String method() {
    return method;
  }

  /**
   * Path and query.
   *
   * @return starts with a slash, percent-encoded
   */
  public String path() {
    return path;
  }

  /**
   * The Host header.
   *
   * @return the authority of {@link #origin()}, unless the request names another
   */
  public String host() {
    return host;
  }

  /**
   * Headers other than Host, Content-Type and Content-Length.
   *
   * @return in the order given, unmodifiable
   */
  public Map<String, String> headers() {
    return headers;
  }

  /**
   * The content type, sent exactly so.
   *
   * @return empty when there is no body
   */
  public String contentType() {
    return contentType;
  }

  /**
   * The body, shared.
   *
   * @return the bytes, which must not be changed
   */
  public byte[] body() {
    return body;
  }

  /**
   * How many bytes of the response's body are kept; the connection is closed where it has more.
   *
   * @return at least 1
   */
  public int maxResponseBytes() {
    return maxResponseBytes;
  }

  /** Shows neither headers nor body: they may hold secrets and personal data. */
  @Override
  public String toString() {
    return method + ' ' + origin + path + " (" + body.length + " bytes)";
  }

  /** Collects the parts of a request; not safe for use by several threads. */
  public static final class Builder {
    private final Origin origin;
    private final String method;
    private final String path;
    private Map<String, String> headers = Map.of();
    private String host = "";
    private String contentType = "";
    private byte[] body = NO_BODY;
    private int maxResponseBytes = DEFAULT_MAX_RESPONSE_BYTES;

    private Builder(Origin origin, String method, String path) {
      this.origin = requireNonNull(origin, "origin");
      this.method = method;
      this.path = requirePath(path);
    }

    private static String requirePath(String path) {
      boolean ok = path.startsWith("/");
      for (int i = 0; ok && i < path.length(); i++) {
        ok = path.charAt(i) > ' ' && path.charAt(i) < 0x7f;
      }
      if (!ok) {
        throw new IllegalArgumentException(
            "a request path starts with / and is percent-encoded, this one is not");
      }
      return path;
    }

    /**
     * Adds a header, or replaces it.
     *
     * @param name a token
     * @param value visible ASCII and spaces
     * @return this builder
     * @throws IllegalArgumentException if the value could break out of its line; the text names the
     *     header and not the value
     */
    public Builder header(String name, String value) {
      if (headers.isEmpty()) {
        headers = new LinkedHashMap<>();
      }
      headers.put(name, requireVisible(name, value));
      return this;
    }

    /**
     * Names a Host other than the server that is connected to, for a gateway before the server.
     *
     * @param value the Host header, visible ASCII
     * @return this builder
     * @throws IllegalArgumentException if the value could break out of its line
     */
    public Builder host(String value) {
      host = requireVisible("Host", value);
      return this;
    }

    private static String requireVisible(String name, String value) {
      for (int i = 0; i < value.length(); i++) {
        if (value.charAt(i) < ' ' || value.charAt(i) > 0x7e) {
          throw new IllegalArgumentException("header " + name + " holds more than visible ASCII");
        }
      }
      return value;
    }

    /**
     * Sets the body.
     *
     * @param value the bytes, shared, not to be changed from now on
     * @param type the content type, sent exactly so
     * @return this builder
     */
    public Builder body(byte[] value, String type) {
      body = requireNonNull(value, "body");
      contentType = requireNonNull(type, "type");
      return this;
    }

    /**
     * Sets how many bytes of the response's body are kept. Default 64 KiB.
     *
     * @param value at least 1
     * @return this builder
     */
    public Builder maxResponseBytes(int value) {
      maxResponseBytes = Checks.atLeast(1, value, "maxResponseBytes");
      return this;
    }

    /**
     * The request.
     *
     * @return a new request
     */
    public Request build() {
      return new Request(this);
    }
  }
}
