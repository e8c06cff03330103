package io.github.httpreport.ekuiper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.httpreport.http.Response;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.Verdict.Accepted;
import io.github.httpreport.protocol.Verdict.Rejected;
import io.github.httpreport.protocol.Verdict.Retry;
import io.github.httpreport.protocol.Verdict.Split;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EkuiperResponsesTest {

  private static final EkuiperProtocol PROTOCOL = EkuiperProtocol.post("/api/data");

  private static EkuiperProtocol.Builder builder() {
    return EkuiperProtocol.builder().path("/api/data");
  }

  @Test
  void classify_exactlyOk_isASuccess() {
    assertThat(classify(200, "ok")).isEqualTo(Accepted.of("ok"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OK", "ok\n", " ok", "\"ok\"", "okay", "o", "{\"status\":\"ok\"}"})
  void classify_anything200ButOk_mayHaveBeenStored(String body) {
    assertThat(classify(200, body))
        .asInstanceOf(type(Retry.class))
        .satisfies(retry -> assertThat(retry.mayHaveBeenStored()).isTrue());
  }

  @Test
  void classify_okWithMoreToCome_isNoSuccess() {
    Response response = Response.status(200).body("ok".getBytes(UTF_8)).truncated(true).build();

    assertThat(PROTOCOL.classify(response)).isInstanceOf(Retry.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 202, 204, 206, 404, 500})
  void classify_okWithAnotherStatus_isNoSuccess(int status) {
    assertThat(classify(status, "ok")).isInstanceOf(Retry.class);
  }

  @Test
  void classify_404_isRetriedSlowlyAsNotStored() {
    assertThat(classify(404, "404 page not found\n"))
        .asInstanceOf(type(Retry.class))
        .satisfies(
            retry -> {
              assertThat(retry.code()).isEqualTo("HTTP 404");
              assertThat(retry.reason()).contains("no started rule");
              assertThat(retry.mayHaveBeenStored()).isFalse();
              assertThat(retry.retryAfter()).contains(Duration.ofSeconds(5));
              assertThat(retry.isNodeHealthy()).isTrue();
            });
  }

  /** What a server in Go says to plain HTTP on its TLS port: 48 bytes. */
  @Test
  void classify_plainHttpToATlsPort_saysWhatToDo() {
    assertThat(classify(400, "Client sent an HTTP request to an HTTPS server.\n"))
        .isEqualTo(Rejected.of("HTTP 400", "the server asks for TLS: name the node with https://"));
  }

  @Test
  void classify_404_waitsAsLongAsIsSet() {
    Response response = Response.status(404).build();

    assertThat(builder().unknownPathDelay(Duration.ZERO).build().classify(response))
        .asInstanceOf(type(Retry.class))
        .extracting(Retry::retryAfter)
        .isEqualTo(Optional.of(Duration.ZERO));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308, 400, 401, 403, 405})
  void classify_configurationErrors_areRejected(int status) {
    assertThat(classify(status, "Fail to decode data: {\"canary\":1}"))
        .asInstanceOf(type(Rejected.class))
        .satisfies(
            rejected -> {
              assertThat(rejected.code()).isEqualTo("HTTP " + status);
              assertThat(rejected.mayHaveBeenStored()).isFalse();
              assertThat(rejected.reason()).doesNotContain("canary");
            });
  }

  /** An array is refused in the same words by a version that takes single objects only. */
  @Test
  void classify_bodyThatCannotBeDecoded_isTheContentsFaultOfSingleObjectsOnly() {
    Response undecodable =
        Response.status(400).body("Fail to decode data: {".getBytes(UTF_8)).build();
    Response other = Response.status(400).body("Bad Request".getBytes(UTF_8)).build();

    assertThat(isContentAtFault(builder().single().build(), undecodable)).isTrue();
    assertThat(isContentAtFault(builder().single().build(), other)).isFalse();
    assertThat(isContentAtFault(PROTOCOL, undecodable)).isFalse();
  }

  private static boolean isContentAtFault(EkuiperProtocol protocol, Response response) {
    return ((Rejected) protocol.classify(response)).isContentAtFault();
  }

  @Test
  void classify_405_saysWhy() {
    assertThat(((Rejected) classify(405, "")).reason()).contains("another method");
  }

  @Test
  void classify_413_isSplit() {
    assertThat(classify(413, "")).isInstanceOf(Split.class);
  }

  @Test
  void classify_503_isRetriedAfterWhatItAsks() {
    Response response = Response.status(503).headers(Map.of("retry-after", "7")).build();

    assertThat(PROTOCOL.classify(response))
        .asInstanceOf(type(Retry.class))
        .satisfies(
            retry -> {
              assertThat(retry.mayHaveBeenStored()).isFalse();
              assertThat(retry.retryAfter()).contains(Duration.ofSeconds(7));
            });
  }

  private static Verdict classify(int status, String body) {
    return PROTOCOL.classify(Response.status(status).body(body.getBytes(UTF_8)).build());
  }
}
