package io.github.httpreport.ckafka;

import org.jspecify.annotations.Nullable;

/**
 * What requests to Tencent Cloud are signed with. Immutable.
 *
 * @param secretId names the key; visible ASCII without slashes and commas
 * @param secretKey the key, which signs and is never sent; not blank
 * @param sessionToken what belongs to temporary credentials, visible ASCII; null for permanent ones
 */
public record CkafkaCredentials(String secretId, String secretKey, @Nullable String sessionToken) {

  /**
   * Checks all of them.
   *
   * @throws IllegalArgumentException if one is null, blank or holds what cannot stand in a header;
   *     the text names which and not its value
   */
  public CkafkaCredentials {
    requireVisible(secretId, "secretId");
    if (secretId.indexOf('/') >= 0 || secretId.indexOf(',') >= 0) {
      throw new IllegalArgumentException("secretId must hold neither a slash nor a comma");
    }
    if (secretKey == null || secretKey.isBlank()) {
      throw new IllegalArgumentException(
          "secretKey must not be " + (secretKey == null ? "null" : "blank"));
    }
    if (sessionToken != null) {
      requireVisible(sessionToken, "sessionToken");
    }
  }

  /**
   * Credentials that last until somebody deletes them.
   *
   * @param secretId names the key
   * @param secretKey the key
   * @return the credentials
   * @throws IllegalArgumentException if one of them is none
   */
  public static CkafkaCredentials of(String secretId, String secretKey) {
    return new CkafkaCredentials(secretId, secretKey, null);
  }

  private static void requireVisible(@Nullable String value, String name) {
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          name + " must not be " + (value == null ? "null" : "empty"));
    }
    if (!value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          name + " must be visible ASCII without spaces, line ends included");
    }
  }

  /** Tells nothing of what it holds. */
  @Override
  public String toString() {
    return "CkafkaCredentials";
  }
}
