package io.github.httpreport.ckafka;

import io.github.httpreport.common.Checks;
import org.jspecify.annotations.Nullable;

/** Tencent Cloud credentials that requests are signed with. Immutable. */
public final class CkafkaCredentials {

  private final String secretId;
  private final String secretKey;
  private final @Nullable String sessionToken;

  private CkafkaCredentials(String secretId, String secretKey, @Nullable String sessionToken) {
    requireVisible(secretId, "secretId");
    if (secretId.indexOf('/') >= 0 || secretId.indexOf(',') >= 0) {
      throw new IllegalArgumentException("secretId must hold neither a slash nor a comma");
    }
    this.secretId = secretId;
    this.secretKey = Checks.text(secretKey, "secretKey");
    this.sessionToken = sessionToken;
  }

  /**
   * Permanent credentials.
   *
   * @param secretId names the key; visible ASCII without slashes and commas
   * @param secretKey the key, which signs and is never sent; not blank
   * @return the credentials
   * @throws IllegalArgumentException if one is null, blank or holds what cannot stand in a header;
   *     the text names which and not its value
   */
  public static CkafkaCredentials of(String secretId, String secretKey) {
    return new CkafkaCredentials(secretId, secretKey, null);
  }

  /**
   * Temporary credentials, which Tencent's security token service issues.
   *
   * @param secretId names the key; visible ASCII without slashes and commas
   * @param secretKey the key, which signs and is never sent; not blank
   * @param sessionToken the token that was issued with the key; visible ASCII
   * @return the credentials
   * @throws IllegalArgumentException if one is null, blank or holds what cannot stand in a header;
   *     the text names which and not its value
   */
  public static CkafkaCredentials temporary(
      String secretId, String secretKey, String sessionToken) {
    requireVisible(sessionToken, "sessionToken");
    return new CkafkaCredentials(secretId, secretKey, sessionToken);
  }

  String secretId() {
    return secretId;
  }

  String secretKey() {
    return secretKey;
  }

  /** Null for permanent credentials. */
  @Nullable String sessionToken() {
    return sessionToken;
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

  /** Shows no part of them. */
  @Override
  public String toString() {
    return "CkafkaCredentials";
  }
}
