package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.answer;
import static io.github.httpreport.internal.transport.TransportFixture.await;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.Response;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.ScriptedConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Parts of responses on a connection that nobody uses, cut at every byte. The server completes the
 * response when the next request arrives there, and drops that request.
 */
class UnsolicitedBytesTest {

  private static final String SUCCESS = ok("{\"code\":\"0\",\"msg\":\"Ok\"}");
  private static final String FAREWELL =
      ok("{\"code\":\"2147483647\",\"msg\":\"Process message failure: null\"}");

  @TempDir private static Path directory;
  private static Certificates certificates;

  private final Gate idle = new Gate();
  private final Gate written = new Gate();

  @BeforeAll
  static void makeCertificates() {
    certificates = WirePath.certificates(directory);
  }

  static Stream<Arguments> unsolicited() {
    return Stream.of(WirePath.values())
        .flatMap(
            path ->
                Stream.of(
                    Arguments.argumentSet(path + " success", path, SUCCESS),
                    Arguments.argumentSet(path + " farewell", path, FAREWELL)));
  }

  @ParameterizedTest
  @MethodSource("unsolicited")
  void execute_partCameUnasked_takesANewConnection(WirePath path, String response) {
    try (WirePath.Link wire = path.start(certificates, c -> writeApart(c, response))) {
      for (int cut = 1; cut <= response.length(); cut++) {
        Response own = answer(wire.send(1));

        assertThat(own.text()).as("cut at " + cut).isEqualTo("own");
        assertThat(own.reusedConnection()).as("cut at " + cut).isFalse();
        idle.open();
        written.pass();
      }
      assertThat(wire.server.requests().stream().filter(r -> r.startsWith("POST")))
          .hasSize(response.length());
    }
  }

  @ParameterizedTest
  @MethodSource("unsolicited")
  void idleConnection_firstByteCameUnasked_isClosed(WirePath path, String response) {
    try (WirePath.Link wire = path.start(certificates, c -> writeApart(c, response))) {
      answer(wire.send(1));
      idle.open();
      written.pass();
      if (!path.isBlocking()) {
        // Where no thread looks at an idle connection, its next request finds the byte.
        await().until(() -> wire.server.connection(0).ended());
      }

      assertThat(answer(wire.send(1)).text()).isEqualTo("own");
    }
  }

  /** The n-th connection cuts at its n-th byte. */
  private void writeApart(ScriptedConnection c, String response) throws IOException {
    int cut = c.index() + 1;
    c.readRequest();
    c.write(ok("own"));
    idle.pass();
    c.write(response.substring(0, cut));
    written.open();
    c.readRequest();
    c.write(response.substring(cut));
    c.awaitEnd();
  }
}
