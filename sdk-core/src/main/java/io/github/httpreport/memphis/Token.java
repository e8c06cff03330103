package io.github.httpreport.memphis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.http.Request;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** A token of the gateway. Immutable. It is a secret twice over: its payload holds the password. */
final class Token {

  /** How long before its end a token is renewed. Those of the gateway live for minutes. */
  static final Duration MARGIN = Duration.ofSeconds(30);

  /** The end of the year 9999. What is later is no time. */
  private static final long LATEST = 253_402_300_799L;

  private static final String HEADER = "Authorization";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Three parts of base64, so that it fits into a header as it is. */
  private static final Pattern FORM = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]*");

  private final String authorization;
  private final Instant end;

  private Token(String authorization, Instant end) {
    this.authorization = authorization;
    this.end = end;
  }

  /**
   * Reads a token as the gateway gave it. One without an end, or an end that has come already by
   * this clock, is good until it is refused: the clocks differ, and to ask for another with each
   * request would not help.
   *
   * @param now about when it was asked for
   * @return empty if it is none
   */
  static Optional<Token> read(String jwt, Instant now) {
    if (!FORM.matcher(jwt).matches()) {
      return Optional.empty();
    }
    Instant end =
        endOf(jwt).filter(stated -> now.isBefore(stated.minus(MARGIN))).orElse(Instant.MAX);
    return Optional.of(new Token("Bearer " + jwt, end));
  }

  private static Optional<Instant> endOf(String jwt) {
    String payload = jwt.substring(jwt.indexOf('.') + 1, jwt.lastIndexOf('.'));
    try {
      JsonNode exp = JSON.readTree(Base64.getUrlDecoder().decode(payload)).path("exp");
      long seconds = exp.isNumber() ? exp.longValue() : 0;
      return seconds > 0 && seconds <= LATEST
          ? Optional.of(Instant.ofEpochSecond(seconds))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      // No end that could be read is no end, and the texts of these may quote the payload.
      return Optional.empty();
    }
  }

  boolean isOver(Instant now) {
    return !now.isBefore(end);
  }

  boolean endsSoon(Instant now) {
    return !end.equals(Instant.MAX) && !now.isBefore(end.minus(MARGIN));
  }

  void authorize(Request.Builder request) {
    request.header(HEADER, authorization);
  }

  /** What a request bears; a secret. */
  static Optional<String> of(Request request) {
    return Optional.ofNullable(request.headers().get(HEADER));
  }

  boolean authorized(Request request) {
    return authorization.equals(request.headers().get(HEADER));
  }

  /** Shows its end. */
  @Override
  public String toString() {
    return "Token[" + (end.equals(Instant.MAX) ? "until refused" : "until " + end) + ']';
  }
}
