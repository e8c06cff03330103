package io.github.httpreport.internal.transport;

import static io.github.httpreport.internal.transport.TransportFixture.answer;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.Response;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.ScriptedServer.Script;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More records of TLS than the I/O thread reads in one turn, in one read of the socket. */
@Timeout(60)
class SmallRecordsTest {

  private static final int RECORDS = 40;
  private static final String RECORD = "x".repeat(100);

  private final Gate arrived = new Gate();
  private final Gate ioIsBusy = new Gate();
  private final Gate written = new Gate();
  private final Gate free = new Gate();

  @TempDir private static Path directory;
  private static Certificates certificates;

  @BeforeAll
  static void makeCertificates() {
    certificates = WirePath.certificates(directory);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TLS", "PROXY", "TUNNEL"})
  void execute_allRecordsAreThereAtOnce_readsThemAll(WirePath path) {
    Script manyRecords =
        c -> {
          c.readRequest();
          arrived.open();
          ioIsBusy.pass();
          c.write("HTTP/1.1 200 OK\r\nContent-Length: " + RECORDS * RECORD.length() + "\r\n\r\n");
          for (int i = 0; i < RECORDS; i++) {
            c.write(RECORD);
          }
          written.open();
          c.awaitEnd();
        };
    Script other =
        c -> {
          c.readRequest();
          c.write(ok(""));
          c.awaitEnd();
        };
    try (WirePath.Link wire = path.start(certificates, manyRecords, other)) {
      CompletableFuture<Response> inRecords = wire.send(1);
      arrived.pass();
      CompletableFuture<Response> held =
          wire.send(
              wire.request(1),
              response -> {
                ioIsBusy.open();
                free.pass();
                return true;
              });
      written.pass();
      free.open();

      assertThat(answer(inRecords).text()).isEqualTo(RECORD.repeat(RECORDS));
      assertThat(answer(held).status()).isEqualTo(200);
    }
  }
}
