package io.github.httpreport.ckafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a POST of the root path by TC3-HMAC-SHA256. Immutable.
 *
 * @param host the Host header, exactly
 * @param contentType the Content-Type header, exactly
 * @param service the service's name in the scope
 */
record Tc3Signer(String host, String contentType, String service) {

  private static final String ALGORITHM = "TC3-HMAC-SHA256";
  private static final String SIGNED_HEADERS = "content-type;host";
  private static final String HMAC = "HmacSHA256";

  /** The date in the scope is UTC's, wherever the machine is. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

  /** The Authorization header of a request with this time as its X-TC-Timestamp. */
  String authorization(CkafkaCredentials credentials, Instant time, byte[] body) {
    String date = DATE.format(time);
    String scope = date + '/' + service + "/tc3_request";
    String signature = hex(hmac(key(credentials.secretKey(), date), toSign(time, scope, body)));
    return ALGORITHM
        + " Credential="
        + credentials.secretId()
        + '/'
        + scope
        + ", SignedHeaders="
        + SIGNED_HEADERS
        + ", Signature="
        + signature;
  }

  String toSign(Instant time, String scope, byte[] body) {
    return ALGORITHM
        + '\n'
        + time.getEpochSecond()
        + '\n'
        + scope
        + '\n'
        + hex(sha256(canonical(body).getBytes(UTF_8)));
  }

  String canonical(byte[] body) {
    return "POST\n/\n\ncontent-type:"
        + contentType
        + "\nhost:"
        + host
        + "\n\n"
        + SIGNED_HEADERS
        + '\n'
        + hex(sha256(body));
  }

  private byte[] key(String secretKey, String date) {
    byte[] ofDate = hmac(("TC3" + secretKey).getBytes(UTF_8), date);
    return hmac(hmac(ofDate, service), "tc3_request");
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + HMAC, e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
