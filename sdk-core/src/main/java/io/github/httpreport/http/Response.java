package io.github.httpreport.http;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One HTTP answer with as much of its body as the request allowed. Immutable. */
public final class Response {

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final boolean truncated;
  private final boolean reusedConnection;
  private final boolean early;

  private Response(Builder builder) {
    status = builder.status;
    headers = builder.headers;
    body = builder.body;
    truncated = builder.truncated;
    reusedConnection = builder.reusedConnection;
    early = builder.early;
  }

  /**
   * Starts a response.
   *
   * @param status the HTTP status
   * @return a new builder
   */
  public static Builder status(int status) {
    return new Builder(status);
  }

  /**
   * The HTTP status.
   *
   * @return from 200 on; interim responses are skipped
   */
  public int status() {
    return status;
  }

  /**
   * A header.
   *
   * @param name in any case
   * @return its first value
   */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * The body, or its start.
   *
   * @return the bytes, shared, not to be changed
   */
  public byte[] body() {
    return body;
  }

  /**
   * The body as UTF-8 text.
   *
   * @return the text, or its start
   */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * Whether the response's body went on after {@link #body()}.
   *
   * @return true if the rest was not read
   */
  public boolean truncated() {
    return truncated;
  }

  /**
   * Whether the connection had carried another exchange before, so that this response may be one
   * the server wrote while the connection was idle.
   *
   * @return false on a connection's first exchange
   */
  public boolean reusedConnection() {
    return reusedConnection;
  }

  /**
   * Whether the response began before the request had left whole, so that the server cannot have
   * read all of it. A refusal means then what it always means; a delivery takes no such response
   * for a success.
   *
   * @return true if the server did not wait for the end of the request
   */
  public boolean early() {
    return early;
  }

  /** Shows no header and no body: some servers echo what they were sent. */
  @Override
  public String toString() {
    return "HTTP " + status + " (" + body.length + (truncated ? " bytes and more)" : " bytes)");
  }

  /** Collects the parts of a response; not safe for use by several threads. */
  public static final class Builder {
    private final int status;
    private Map<String, String> headers = Map.of();
    private byte[] body = {};
    private boolean truncated;
    private boolean reusedConnection;
    private boolean early;

    private Builder(int status) {
      this.status = status;
    }

    /**
     * Sets the headers.
     *
     * @param value names in lower case; shared, not to be changed from now on
     * @return this builder
     */
    public Builder headers(Map<String, String> value) {
      headers = requireNonNull(value, "headers");
      return this;
    }

    /**
     * Sets the body.
     *
     * @param value the bytes, shared, not to be changed from now on
     * @return this builder
     */
    public Builder body(byte[] value) {
      body = requireNonNull(value, "body");
      return this;
    }

    /**
     * Says that the body went on.
     *
     * @param value whether it did
     * @return this builder
     */
    public Builder truncated(boolean value) {
      truncated = value;
      return this;
    }

    /**
     * Says that the connection was used before.
     *
     * @param value whether it was
     * @return this builder
     */
    public Builder reusedConnection(boolean value) {
      reusedConnection = value;
      return this;
    }

    /**
     * Says that the response began before the request had left whole.
     *
     * @param value whether it did
     * @return this builder
     */
    public Builder early(boolean value) {
      early = value;
      return this;
    }

    /**
     * The response.
     *
     * @return a new answer
     */
    public Response build() {
      return new Response(this);
    }
  }
}
