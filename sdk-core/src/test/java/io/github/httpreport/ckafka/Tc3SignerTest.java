package io.github.httpreport.ckafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Tc3SignerTest {

  static List<Vector> vectors() {
    return Vector.all();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void authorization_ofEachVector_isExactlyTheRecordedOne(Vector vector) {
    byte[] body = vector.text("bodyUtf8").getBytes(UTF_8);
    String scope = vector.derived("credentialScope");
    Tc3Signer signer =
        new Tc3Signer(vector.text("host"), vector.text("contentType"), scope.split("/", -1)[1]);

    assertThat(signer.canonical(body))
        .isEqualTo(vector.derived("canonicalRequest"))
        .endsWith(vector.derived("hashedRequestPayload"));
    assertThat(signer.toSign(vector.time(), scope, body)).isEqualTo(vector.derived("stringToSign"));
    assertThat(signer.authorization(vector.credentials(), vector.time(), body))
        .isEqualTo(vector.derived("authorization"))
        .endsWith(vector.derived("signature"));
  }

  @Test
  void vectors_areAllThere() {
    assertThat(vectors()).hasSize(5);
  }

  @Test
  void authorization_farFromUtc_stillHasTheDateOfUtc() {
    Vector vector = Vector.named("fixed-2023");
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
    try {
      authorization_ofEachVector_isExactlyTheRecordedOne(vector);
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
