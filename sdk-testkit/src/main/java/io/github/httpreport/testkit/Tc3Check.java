package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Checks TC3 signatures from what arrived, without anything that a client made them with. */
final class Tc3Check {

  /**
   * Who may send.
   *
   * @param token the session token that goes with them; null for permanent ones
   */
  record Keys(String secretId, String secretKey, @Nullable String token) {
    @Override
    public String toString() {
      return "Keys";
    }
  }

  /**
   * Why a request may not pass.
   *
   * @param code after {@code AuthFailure.}
   */
  record Refusal(String code, String text) {}

  private static final Duration WINDOW = Duration.ofMinutes(5);

  private static final Pattern FORM =
      Pattern.compile(
          "TC3-HMAC-SHA256 Credential=(?<id>[^/]+)/(?<date>[0-9-]+)/(?<service>[^/]+)/tc3_request,"
              + " ?SignedHeaders=(?<headers>[a-z0-9;-]+), ?Signature=(?<signature>[0-9a-f]{64})");

  private final String service;

  Tc3Check(String service) {
    this.service = service;
  }

  /** Null when the request may pass. */
  @Nullable Refusal refusal(ReceivedRequest request, Keys keys, Instant now) {
    RequestHead head = request.head();
    Matcher parts = FORM.matcher(head.headers().getOrDefault("authorization", ""));
    if (!parts.matches()) {
      return new Refusal("InvalidAuthorization", "The Authorization header is not well-formed.");
    }
    if (!parts.group("id").equals(keys.secretId())) {
      return new Refusal("SecretIdNotFound", "The SecretId is not found.");
    }
    Instant time = time(head);
    if (Duration.between(time, now).abs().compareTo(WINDOW) > 0) {
      return new Refusal("SignatureExpire", "The signature has expired.");
    }
    if (keys.token() == null
        ? head.header("x-tc-token") != null
        : !keys.token().equals(head.header("x-tc-token"))) {
      return new Refusal("TokenFailure", "The token is not valid.");
    }
    return isSigned(request, parts, keys, time)
        ? null
        : new Refusal("SignatureFailure", "The provided credentials could not be validated.");
  }

  private static Instant time(RequestHead head) {
    String seconds = head.headers().getOrDefault("x-tc-timestamp", "");
    return seconds.matches("[0-9]{1,12}")
        ? Instant.ofEpochSecond(Long.parseLong(seconds))
        : Instant.EPOCH;
  }

  private boolean isSigned(ReceivedRequest request, Matcher parts, Keys keys, Instant time) {
    List<String> signed = List.of(parts.group("headers").split(";", -1));
    String date = time.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    if (!signed.containsAll(List.of("content-type", "host"))
        || !parts.group("date").equals(date)
        || !parts.group("service").equals(service)) {
      return false;
    }
    String canonical = canonical(request, signed, parts.group("headers"));
    String text =
        String.join(
            "\n",
            "TC3-HMAC-SHA256",
            String.valueOf(time.getEpochSecond()),
            date + "/" + service + "/tc3_request",
            hash(canonical.getBytes(UTF_8)));
    byte[] key = ("TC3" + keys.secretKey()).getBytes(UTF_8);
    for (String step : List.of(date, service, "tc3_request", text)) {
      key = mac(key, step);
    }
    byte[] expected = HexFormat.of().formatHex(key).getBytes(US_ASCII);
    return MessageDigest.isEqual(expected, parts.group("signature").getBytes(US_ASCII));
  }

  private static String canonical(ReceivedRequest request, List<String> signed, String names) {
    RequestHead head = request.head();
    StringBuilder text = new StringBuilder();
    text.append(head.method()).append('\n').append(head.rawPath()).append('\n');
    text.append(head.rawQuery()).append('\n');
    for (String name : signed) {
      text.append(name).append(':').append(head.headers().getOrDefault(name, "")).append('\n');
    }
    byte[] body = Arrays.copyOf(request.body(), request.length());
    return text.append('\n').append(names).append('\n').append(hash(body)).toString();
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no SHA-256", e);
    }
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no HmacSHA256", e);
    }
  }
}
