package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.answer;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.Response;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.ScriptedConnection;
import io.github.httpreport.testsupport.ScriptedServer;
import io.github.httpreport.testsupport.ScriptedServer.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Responses to requests that have not left whole. */
class EarlyResponseTest {

  private static final int KIB = 1024;

  /** More than the buffers of both sockets take. */
  private static final int HUGE = 7000 * KIB;

  private static final int[] SIZES = {1, 20 * KIB, 300 * KIB};

  private static final int ROUNDS = 3;
  private static final String SUCCESS = ok("{\"code\":\"0\",\"msg\":\"Ok\"}");
  private static final String TOO_LARGE = "413 Request Entity Too Large";
  private static final String REFUSAL = ScriptedServer.response(TOO_LARGE, "");
  private static final String WORDY = ScriptedServer.response(TOO_LARGE, "x".repeat(20 * KIB));
  private static final String CLOSING =
      ScriptedServer.response(TOO_LARGE + "\r\nConnection: close", "too large");
  private static final String ENDLESS =
      "HTTP/1.1 " + TOO_LARGE + "\r\nConnection: close\r\n\r\ntoo large";

  @TempDir private static Path directory;
  private static Certificates certificates;

  @BeforeAll
  static void makeCertificates() {
    certificates = WirePath.certificates(directory);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(WirePath.values())
        .flatMap(
            path ->
                Stream.of(
                    refusal(path, "and closes", REFUSAL, c -> {}),
                    refusal(path, "says close and closes", CLOSING, c -> {}),
                    refusal(path, "ends with the connection", ENDLESS, c -> {}),
                    refusal(path, "at length and closes", WORDY, c -> {}),
                    refusal(path, "and resets", REFUSAL, c -> c.reset()),
                    refusal(path, "and reads the rest", REFUSAL, c -> c.awaitEnd()),
                    refusal(path, "says close and reads the rest", CLOSING, c -> c.awaitEnd()),
                    refusal(
                        path,
                        "half closes and reads the rest",
                        REFUSAL,
                        c -> {
                          c.shutdownOutput();
                          c.awaitEnd();
                        })));
  }

  private static Arguments refusal(WirePath path, String name, String refusal, Script then) {
    Script script =
        c -> {
          c.readHead();
          c.write(refusal);
          then.run(c);
        };
    return Arguments.argumentSet(path + ", refuses " + name, path, script);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void execute_refusedWhileItIsWritten_theRefusalIsTaken(WirePath path, Script script) {
    try (WirePath.Link wire = path.start(certificates, script)) {
      for (int size : new int[] {1, 64 * KIB, HUGE}) {
        for (int round = 0; round < ROUNDS; round++) {
          Response refusal = answer(wire.send(wire.request(size), TransportFixture.CLOSE));

          assertThat(refusal.status()).as(size + " bytes").isEqualTo(413);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void execute_refusedAfterAPartOfIt_theRefusalIsTaken(WirePath path) {
    Script script =
        c -> {
          c.readHead();
          c.skip(3000 * KIB);
          c.write(CLOSING);
        };
    try (WirePath.Link wire = path.start(certificates, script)) {
      assertThat(answer(wire.send(HUGE)).status()).isEqualTo(413);
    }
  }

  static Stream<Arguments> successes() {
    return Stream.of(WirePath.values())
        .flatMap(
            path ->
                Stream.of(
                    success(path, "and reads the rest", SUCCESS.length(), c -> c.awaitEnd()),
                    success(path, "and closes", SUCCESS.length(), c -> {}),
                    success(path, "around the request", 1, c -> finish(c, 1)),
                    success(path, "around the request", 30, c -> finish(c, 30)),
                    success(
                        path,
                        "around the request",
                        SUCCESS.length() - 1,
                        c -> finish(c, SUCCESS.length() - 1))));
  }

  private static void finish(ScriptedConnection c, int cut) throws IOException {
    c.skip(HUGE);
    c.write(SUCCESS.substring(cut));
    c.awaitEnd();
  }

  private static Arguments success(WirePath path, String name, int cut, Script then) {
    Script script =
        c -> {
          c.readHead();
          c.write(SUCCESS.substring(0, cut));
          then.run(c);
        };
    return Arguments.argumentSet(path + ", success " + name + ", " + cut + " bytes", path, script);
  }

  @ParameterizedTest
  @MethodSource("successes")
  void execute_successBeforeTheRequestHasLeft_isEarly(WirePath path, Script script) {
    try (WirePath.Link wire = path.start(certificates, script)) {
      for (int round = 0; round < 2; round++) {
        Response response = answer(wire.send(HUGE));

        assertThat(response.early()).isTrue();
        assertThat(response.reusedConnection()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void execute_successBeforeTheRequestBegan_isEarlyOrNone(WirePath path) {
    Script script =
        c -> {
          c.write(SUCCESS);
          c.awaitEnd();
        };
    try (WirePath.Link wire = path.start(certificates, script)) {
      for (int round = 0; round < ROUNDS; round++) {
        boolean taken =
            wire.send(HUGE).handle((r, failure) -> failure == null && !r.early()).join();

        assertThat(taken).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void execute_responseToAWholeRequest_isNotEarly(WirePath path) {
    try (WirePath.Link wire = path.start(certificates, ScriptedServer.always(SUCCESS))) {
      for (int round = 0; round < ROUNDS; round++) {
        for (int size : SIZES) {
          Response response = answer(wire.send(size));

          assertThat(response.early()).as(size + " bytes").isFalse();
        }
      }
      assertThat(wire.server.connectionCount()).isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void execute_interimResponseBeforeTheRequestHasLeft_saysNothingOfTheFinalOne(WirePath path) {
    Script script =
        c -> {
          c.readHead();
          c.write("HTTP/1.1 103 Wait\r\n\r\n");
          c.skip(HUGE);
          c.write(SUCCESS);
          c.awaitEnd();
        };
    try (WirePath.Link wire = path.start(certificates, script)) {
      assertThat(answer(wire.send(HUGE)).early()).isFalse();
    }
  }
}
