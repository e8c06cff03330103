package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and checks tokens as the gateway does, the password among the claims included. All gateways
 * take each other's tokens, until one revokes those that were given.
 */
final class MemphisTokens {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final String HEAD = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(UTF_8));

  private final AtomicInteger generation = new AtomicInteger();

  private static String encoded(byte[] bytes) {
    return ENCODER.encodeToString(bytes);
  }

  void revoke() {
    generation.incrementAndGet();
  }

  /** A token with these claims, its end among them. */
  String sign(ObjectNode claims) {
    String content = HEAD + '.' + encoded(claims.toString().getBytes(UTF_8));
    return content + '.' + encoded(signature(content));
  }

  /** The claims of a token that is good at this time. */
  Optional<JsonNode> verify(String token, Instant now) {
    int end = token.lastIndexOf('.');
    int middle = token.indexOf('.');
    if (middle < 0 || middle == end) {
      return Optional.empty();
    }
    byte[] expected = encoded(signature(token.substring(0, end))).getBytes(UTF_8);
    if (!MessageDigest.isEqual(expected, token.substring(end + 1).getBytes(UTF_8))) {
      return Optional.empty();
    }
    try {
      JsonNode claims =
          JSON.readTree(Base64.getUrlDecoder().decode(token.substring(middle + 1, end)));
      boolean over = now.getEpochSecond() > claims.path("exp").longValue();
      return over ? Optional.empty() : Optional.of(claims);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private byte[] signature(String content) {
    byte[] key = ("local-memphis-" + generation.get()).getBytes(UTF_8);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(content.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  static ObjectNode claims() {
    return JsonNodeFactory.instance.objectNode();
  }
}
