package io.github.httpreport.internal.delivery;

import static io.github.httpreport.internal.delivery.DeliveryRig.resultOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.ckafka.CkafkaCredentials;
import io.github.httpreport.ckafka.CkafkaProtocol;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.transport.FakeTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A protocol that signs each attempt with its time. */
class DeliverySignatureTest {

  private static final Duration TWO_HOURS = Duration.ofHours(2);

  private final DeliveryRig rig = new DeliveryRig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void secondAttempt_onTheNextDayInUtc_isSignedAnew() {
    rig.protocol =
        CkafkaProtocol.builder()
            .dataHub("datahub-x")
            .credentials(CkafkaCredentials.of("id", "key"))
            .pauseWhenRefused(TWO_HOURS)
            .build();
    rig.policy = RetryPolicy.builder().deadline(Duration.ofHours(5)).build();
    rig.transport.then(
        response("{\"Error\":{\"Code\":\"FailedOperation\",\"Message\":\"paused\"}}"));
    rig.transport.then(response("{\"MessageId\":[\"the-id\"]}"));
    rig.nodes(1);
    Instant start = rig.scheduler.now();

    CompletableFuture<SendResult> future = rig.send("a");
    rig.scheduler.advance(TWO_HOURS);

    assertThat(resultOf(future).messageIds()).containsExactly("the-id");
    List<Request> requests =
        rig.transport.reports().stream().map(FakeTransport.Call::request).toList();
    assertThat(requests).hasSize(2);
    Request first = requests.get(0);
    Request second = requests.get(1);
    assertThat(second.body()).isSameAs(first.body());
    assertThat(first.headers())
        .containsEntry("X-TC-Timestamp", Long.toString(start.getEpochSecond()));
    assertThat(second.headers())
        .containsEntry("X-TC-Timestamp", Long.toString(start.plus(TWO_HOURS).getEpochSecond()));
    assertThat(first.headers().get("Authorization")).contains("Credential=id/2023-11-14/ckafka/");
    assertThat(second.headers().get("Authorization")).contains("Credential=id/2023-11-15/ckafka/");
    assertThat(signature(second)).isNotEqualTo(signature(first));
  }

  private static String signature(Request request) {
    String authorization = request.headers().get("Authorization");
    return authorization.substring(authorization.indexOf("Signature="));
  }

  private static CompletableFuture<Response> response(String response) {
    byte[] body = ("{\"Response\":" + response + "}").getBytes(UTF_8);
    return CompletableFuture.completedFuture(Response.status(200).body(body).build());
  }
}
