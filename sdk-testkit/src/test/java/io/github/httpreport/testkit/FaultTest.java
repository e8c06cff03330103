package io.github.httpreport.testkit;

import static io.github.httpreport.testkit.RawConnection.GOOD_BODY;
import static io.github.httpreport.testkit.RawConnection.GOOD_RESPONSE;
import static io.github.httpreport.testkit.RawConnection.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

  private final LocalCluster cluster = LocalCluster.start(1);
  private final LocalNode node = cluster.node(0);

  @AfterEach
  void close() {
    cluster.close();
  }

  private RawConnection reportTo(Fault... faults) {
    node.script(faults);
    return RawConnection.to(node).write(post(GOOD_BODY));
  }

  private void assertStored(int messages) {
    await().untilAsserted(() -> assertThat(cluster.storedCount()).isEqualTo(messages));
  }

  private void assertFaultsCleared() {
    try (RawConnection connection = RawConnection.to(node)) {
      assertThat(connection.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
    }
  }

  @Test
  void script_eachReportTakesOne_andThenTheNodeIsHealthyAgain() {
    try (RawConnection connection = reportTo(Fault.code("115", "a"), Fault.code("104", "b"))) {
      assertThat(connection.read()).endsWith("{\"code\":\"115\",\"msg\":\"a\"}");
      connection.write("GET /dataproxy/heartbeat HTTP/1.1\r\n\r\n");
      assertThat(connection.read()).as("a heartbeat takes none").isEqualTo(GOOD_RESPONSE);
      assertThat(connection.write(post(GOOD_BODY)).read())
          .endsWith("{\"code\":\"104\",\"msg\":\"b\"}");
      assertThat(connection.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
    }
    assertStored(1);
    assertThat(node.requests()).isEqualTo(3);
  }

  @Test
  void always_everyReportMeetsIt_untilCleared() {
    node.always(Fault.code("100"));
    try (RawConnection connection = RawConnection.to(node)) {
      for (int i = 0; i < 3; i++) {
        assertThat(connection.write(post(GOOD_BODY)).read()).contains("\"code\":\"100\"");
      }
      node.clearFaults();
      assertThat(connection.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "36", "114", "116", "118", "2147483647"})
  void code_thatTheServerClosesBehind_isFollowedByTheEnd(String code) {
    try (RawConnection connection = reportTo(Fault.code(code))) {
      assertThat(connection.readAll()).contains("{\"code\":\"" + code + "\",");
    }
    assertStored(0);
  }

  @Test
  void status_headersAndBody_areSentAndTheConnectionKept() {
    try (RawConnection connection = reportTo(Fault.status(503, "busy", "Retry-After: 2"))) {
      assertThat(connection.read())
          .isEqualTo("HTTP/1.1 503 Scripted\r\nRetry-After: 2\r\ncontent-length: 4\r\n\r\nbusy");
      assertThat(connection.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
    }
  }

  @Test
  void status_thatSaysClose_isFollowedByTheEnd() {
    try (RawConnection connection = reportTo(Fault.status(500, "", "Connection: Close"))) {
      assertThat(connection.readAll()).startsWith("HTTP/1.1 500 ");
    }
  }

  @Test
  void noAnswer_isSilentAndStoresNothing() {
    try (RawConnection connection = reportTo(Fault.noResponse())) {
      assertThat(connection.silentFor(100)).isTrue();
    }
    assertStored(0);
    assertFaultsCleared();
  }

  @Test
  void blackHole_respondsNeitherToReportNorHeartbeat_untilCleared() {
    node.always(Fault.blackHole());
    try (RawConnection report = RawConnection.to(node).write(post(GOOD_BODY));
        RawConnection heartbeat =
            RawConnection.to(node).write("GET /dataproxy/heartbeat HTTP/1.1\r\n\r\n")) {
      assertThat(report.silentFor(100)).isTrue();
      assertThat(heartbeat.silentFor(100)).isTrue();
      node.clearFaults();
      assertThat(report.write(post(GOOD_BODY)).silentFor(100)).as("caught for good").isTrue();
    }
    assertStored(0);
    assertFaultsCleared();
  }

  @Test
  void storeThenNoAnswer_isSilentAndStores() {
    try (RawConnection connection = reportTo(Fault.storeThenNoResponse())) {
      assertStored(1);
      assertThat(connection.silentFor(100)).isTrue();
    }
  }

  @Test
  void resets_resetTheConnection_andOnlyOneStores() {
    try (RawConnection connection = reportTo(Fault.resetBeforeRead())) {
      assertThat(connection.wasReset()).isTrue();
    }
    try (RawConnection connection = reportTo(Fault.resetAfterRead())) {
      assertThat(connection.wasReset()).isTrue();
    }
    assertStored(0);
    assertThat(node.requests()).as("a request that was not read").isEqualTo(1);
    try (RawConnection connection = reportTo(Fault.storeThenReset())) {
      assertThat(connection.wasReset()).isTrue();
    }
    assertStored(1);
    assertFaultsCleared();
  }

  @Test
  void closeAfterAccept_newConnection_isEndedWithoutAByte() {
    try (RawConnection connection = reportTo(Fault.closeAfterAccept())) {
      assertThat(connection.ended()).isTrue();
    }
    assertStored(0);
    assertFaultsCleared();
  }

  @Test
  void closeAfterAccept_openConnection_isEndedAtItsNextRequest() {
    try (RawConnection connection = RawConnection.to(node)) {
      connection.write(post(GOOD_BODY)).read();
      node.script(Fault.closeAfterAccept());
      assertThat(connection.write(post(GOOD_BODY)).ended()).isTrue();
    }
    assertStored(1);
  }

  @Test
  void raw_writesTheBytes_andClosesOrNot() {
    byte[] bytes = "not HTTP at all".getBytes(UTF_8);
    try (RawConnection connection = reportTo(Fault.raw(bytes, true))) {
      bytes[0] = 'X';
      assertThat(connection.readAll()).isEqualTo("not HTTP at all");
    }
    byte[] response = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(UTF_8);
    try (RawConnection connection = reportTo(Fault.raw(response, false))) {
      assertThat(connection.read()).endsWith("\r\n\r\n");
      assertThat(connection.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
    }
  }

  @Test
  void slow_answersAsUsualAndLater() {
    long start = System.nanoTime();
    try (RawConnection connection = reportTo(Fault.slow(Duration.ofMillis(50)))) {
      assertThat(connection.read()).isEqualTo(GOOD_RESPONSE);
    }
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000L);
    assertStored(1);
  }

  @Test
  void slow_wrongReport_isRefusedAsUsualAndLater() {
    node.script(Fault.slow(Duration.ofMillis(1)));
    try (RawConnection connection = RawConnection.to(node).write(post("%zz"))) {
      assertThat(connection.readAll()).contains("\"2147483647\"");
    }
  }

  @Test
  void halfAnswer_storesAndBreaksOff() {
    try (RawConnection connection = reportTo(Fault.halfResponse())) {
      String half = connection.readAll();
      assertThat(GOOD_RESPONSE).startsWith(half).hasSizeGreaterThan(half.length());
      assertThat(half).isNotEmpty();
    }
    assertStored(1);
  }

  @Test
  void oversizedAnswer_storesAndSaysSoAtLength() {
    try (RawConnection connection = reportTo(Fault.oversizedResponse(100_000))) {
      assertThat(connection.read()).contains("{\"code\":\"0\"").hasSizeGreaterThan(100_000);
      assertThat(connection.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
    }
    assertStored(2);
  }

  @Test
  void unsolicited_goodAnswerAndTheIdleOneBehindIt() {
    try (RawConnection connection = reportTo(Fault.unsolicited())) {
      assertThat(connection.read()).isEqualTo(GOOD_RESPONSE);
      assertThat(connection.readAll())
          .endsWith("{\"code\":\"2147483647\",\"msg\":\"Process message failure: null\"}");
    }
    assertStored(1);
  }

  @Test
  void factories_badValue_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fault.status(99, ""))
        .withMessageContaining("httpStatus");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fault.status(500, "", "no colon"))
        .withMessageContaining("headers");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fault.oversizedResponse(0))
        .withMessageContaining("bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fault.slow(Duration.ofMillis(-1)))
        .withMessageContaining("delay");
    assertThat(Fault.noResponse()).hasToString("Fault[no answer]");
  }
}
