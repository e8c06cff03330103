package io.github.httpreport.internal.transport;

import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.LogCapture;
import io.github.httpreport.testsupport.ScriptedServer;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An {@code Error} where nothing of ours can catch it: on the I/O thread, within a handshake. */
@Timeout(60)
class IoThreadDeathTest {

  @TempDir private Path directory;

  @Test
  void ioThreadDies_itsCallsFailAtOnceWithTheCauseAndTheNextOnesWork() throws Exception {
    Gate arrived = new Gate();
    Certificates certificates =
        Certificates.in(directory).signed("good", "-ext", "san=ip:127.0.0.1,dns:localhost");
    try (TransportFixture fixture = TransportFixture.withTls(TlsSettings.of(deadly()));
        LogCapture log = LogCapture.of(ReplaceableReactor.class);
        ScriptedServer silent = ScriptedServer.start(ScriptedServer.silent(arrived));
        ScriptedServer plain = ScriptedServer.start(always(ok("fine")));
        ScriptedServer secure =
            ScriptedServer.start(certificates.serverSocket("good"), always(ok("never")))) {
      assertThat(fixture.exchange(TransportFixture.get(plain)).text()).isEqualTo("fine");
      CompletableFuture<Response> underWay = fixture.send(TransportFixture.post(silent, "a=b"));
      arrived.pass();

      ExchangeException deadlyCall =
          fixture.failure(Request.get(secure.secureOrigin(), "/").build());
      ExchangeException lost = TransportFixture.failure(underWay);

      assertThat(deadlyCall.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(deadlyCall).hasMessageContaining("OutOfMemoryError");
      assertThat(lost.kind()).isEqualTo(Kind.CONNECTION_LOST);
      assertThat(fixture.openCalls()).isZero();
      List<Response> later =
          List.of(
              fixture.exchange(TransportFixture.get(plain)),
              fixture.exchange(TransportFixture.post(plain, "c=d")));
      assertThat(later).extracting(Response::text).containsOnly("fine");
      assertThat(log.lines())
          .hasSize(1)
          .allMatch(line -> line.startsWith("ERROR A new I/O thread"));
    }
    TransportFixture.await().untilAsserted(() -> assertThat(TransportFixture.threads()).isZero());
  }

  private static SSLContext deadly() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Deadly()}, null);
    return context;
  }

  /** Asked on the I/O thread. */
  private static final class Deadly extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
      die();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      die();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      die();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      die();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      die();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      die();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }

    private static void die() {
      throw new OutOfMemoryError("of another thread");
    }
  }
}
