package io.github.httpreport.inlong;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a Manager with authentication switched on asks for. Immutable.
 *
 * @param secretId names the user; not blank, without a colon
 * @param secretKey proves it; not blank
 */
public record ManagerCredentials(String secretId, String secretKey) {

  private static final String HIDDEN = "***";

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException if one is blank or the id holds a colon; the text names which
   *     and not its value
   */
  public ManagerCredentials {
    if (requireNonNull(secretId, "secretId").isBlank()) {
      throw new IllegalArgumentException("secretId must not be blank");
    }
    if (secretId.indexOf(':') >= 0) {
      throw new IllegalArgumentException("secretId must not hold a colon");
    }
    if (requireNonNull(secretKey, "secretKey").isBlank()) {
      throw new IllegalArgumentException("secretKey must not be blank");
    }
  }

  String authorization() {
    return "Basic " + token();
  }

  private String token() {
    byte[] pair = (secretId + ':' + secretKey).getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(pair);
  }

  /** The text without the secret, whether as it is or as it is sent. */
  String hiddenIn(String text) {
    return text.replace(token(), HIDDEN).replace(secretKey, HIDDEN);
  }

  /** Tells the id only. */
  @Override
  public String toString() {
    return "ManagerCredentials[" + secretId + ']';
  }
}
