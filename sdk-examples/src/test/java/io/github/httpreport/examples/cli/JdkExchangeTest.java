package io.github.httpreport.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JdkExchangeTest {

  private final LocalCluster cluster = LocalCluster.start(1);
  private final JdkExchange exchange =
      new JdkExchange(Duration.ofSeconds(3), Duration.ofSeconds(3));

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void execute_form_arrivesAsGiven() {
    byte[] form = "groupId=g&streamId=s&dt=1&body=a%0Ab&cnt=2".getBytes(UTF_8);
    Request request =
        Request.post(origin(), "/dataproxy/message")
            .body(form, "application/x-www-form-urlencoded")
            .build();
    Response response = exchange.execute(request).join();
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("{\"code\":\"0\",\"msg\":\"Ok\"}");
    assertThat(response.header("Content-Type")).contains("application/json;charset=utf-8");
    assertThat(cluster.stored()).singleElement().extracting("body").isEqualTo("a\nb");
  }

  @Test
  void execute_answerOverTheLimit_isCut() {
    cluster.node(0).script(Fault.status(200, "0123456789"), Fault.status(200, "0123"));
    assertThat(limited().truncated()).isTrue();
    Response fits = limited();
    assertThat(fits.truncated()).isFalse();
    assertThat(fits.text()).isEqualTo("0123");
  }

  @Test
  void execute_redirect_isNotFollowed() {
    cluster.node(0).script(Fault.status(302, "", "Location: http://127.0.0.1:1/"));
    assertThat(limited().status()).isEqualTo(302);
  }

  @Test
  void execute_nobodyListens_isNotConnected() {
    cluster.node(0).stop();
    assertFailure(
        origin(),
        Kind.NOT_CONNECTED,
        "no connection to " + origin().authority() + ": connection refused");
  }

  @Test
  void execute_unknownHost_isNotConnected() {
    Origin nowhere = new Origin(false, "no-such-host.invalid", 80);
    assertFailure(
        nowhere, Kind.NOT_CONNECTED, "no connection to no-such-host.invalid:80: unknown host");
  }

  @Test
  void execute_connectionCut_isLost() {
    // Always: the client of the JDK tries a GET again.
    cluster.node(0).always(Fault.resetAfterRead());
    assertFailure(origin(), Kind.CONNECTION_LOST, "connection to " + origin().authority());
  }

  @Test
  void execute_noAnswer_isTimedOut() {
    cluster.node(0).script(Fault.noResponse());
    JdkExchange hasty = new JdkExchange(Duration.ofSeconds(3), Duration.ofMillis(100));
    assertFailure(hasty, origin(), Kind.TIMED_OUT, "no answer from " + origin().authority());
  }

  @Test
  void execute_answerThatStopsHalfWay_isTimedOut() {
    byte[] half = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".getBytes(UTF_8);
    cluster.node(0).script(Fault.raw(half, false));
    JdkExchange hasty = new JdkExchange(Duration.ofSeconds(3), Duration.ofMillis(200));
    assertFailure(hasty, origin(), Kind.TIMED_OUT, "no answer from " + origin().authority());
  }

  private Response limited() {
    return exchange
        .execute(Request.get(origin(), "/dataproxy/message").maxResponseBytes(4).build())
        .join();
  }

  private void assertFailure(Origin to, Kind kind, String text) {
    assertFailure(exchange, to, kind, text);
  }

  private static void assertFailure(JdkExchange by, Origin to, Kind kind, String text) {
    Throwable error =
        catchThrowable(() -> by.execute(Request.get(to, "/dataproxy/message").build()).join());
    assertThat(error).isInstanceOf(CompletionException.class);
    assertThat(error.getCause())
        .isInstanceOfSatisfying(ExchangeException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(text);
  }

  private Origin origin() {
    return new Origin(false, "127.0.0.1", cluster.node(0).port());
  }
}
