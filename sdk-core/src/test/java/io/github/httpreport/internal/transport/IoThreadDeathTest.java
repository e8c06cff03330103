package io.github.httpreport.internal.transport;

import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.Gate;
import io.github.httpreport.testsupport.LogCapture;
import io.github.httpreport.testsupport.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An {@code Error} of any other part of the application that strikes on the I/O thread. */
@Timeout(60)
class IoThreadDeathTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void errorWithinAHandshake_endsItsOwnCallWithTheCauseAndNoOther(TransportFixture.Kind kind)
      throws Exception {
    Gate arrived = new Gate();
    Gate answered = new Gate();
    Certificates certificates =
        Certificates.in(directory).signed("good", "-ext", "san=ip:127.0.0.1,dns:localhost");
    try (TransportFixture fixture = TransportFixture.withTls(TlsSettings.of(deadly()), kind);
        ScriptedServer slow =
            ScriptedServer.start(
                c -> {
                  c.readRequest();
                  arrived.open();
                  answered.pass();
                  c.write(ok("fine"));
                });
        ScriptedServer secure =
            ScriptedServer.start(certificates.serverSocket("good"), always(ok("never")))) {
      CompletableFuture<Response> underWay = fixture.send(TransportFixture.post(slow, "a=b"));
      arrived.pass();

      ExchangeException deadlyCall =
          fixture.failure(Request.get(secure.secureOrigin(), "/").build());
      answered.open();

      assertThat(deadlyCall.kind()).isEqualTo(Kind.NOT_CONNECTED);
      assertThat(deadlyCall).hasMessageContaining("OutOfMemoryError");
      assertThat(TransportFixture.answer(underWay).text()).isEqualTo("fine");
      assertThat(fixture.openCalls()).isZero();
    }
    TransportFixture.await().untilAsserted(() -> assertThat(TransportFixture.threads()).isZero());
  }

  @Test
  void ioThreadDies_itsConnectionsAreLostAtOnceWithTheCauseAndTheNextOnesWork() throws Exception {
    EventLoop loop = new EventLoop(DaemonThreadFactory.named(TransportFixture.NAME + "-io"));
    try (LogCapture log = LogCapture.of(EventLoop.class);
        ServerSocketChannel listener =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Watched waiting = new Watched(listener, () -> {});
        Watched deadly =
            new Watched(
                listener,
                () -> {
                  throw new OutOfMemoryError("of another thread");
                });
        Watched later = new Watched(listener, () -> {})) {
      loop.watch(waiting, SelectionKey.OP_READ);
      loop.watch(deadly, SelectionKey.OP_WRITE);

      assertThat(waiting.lost.get(10, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(OutOfMemoryError.class);
      assertThat(deadly.lost.get(10, TimeUnit.SECONDS)).hasMessageContaining("OutOfMemoryError");
      TransportFixture.await().until(() -> !waiting.channel.isOpen() && !deadly.channel.isOpen());
      loop.watch(later, SelectionKey.OP_WRITE);
      later.turn.get(10, TimeUnit.SECONDS);
      assertThat(later.lost).isNotDone();
      assertThat(log.lines())
          .hasSize(1)
          .allMatch(line -> line.startsWith("ERROR A new I/O thread"));
    } finally {
      loop.close();
    }
    TransportFixture.await().untilAsserted(() -> assertThat(TransportFixture.threads()).isZero());
  }

  /** A connected socket, and what the I/O thread says of it. */
  private static final class Watched implements EventLoop.Handler, AutoCloseable {
    private final SocketChannel channel;
    private final SocketChannel other;
    private final Runnable whenReady;
    private final CompletableFuture<IOException> lost = new CompletableFuture<>();
    private final CompletableFuture<Void> turn = new CompletableFuture<>();

    Watched(ServerSocketChannel listener, Runnable whenReady) throws IOException {
      this.whenReady = whenReady;
      channel = SocketChannel.open(listener.getLocalAddress());
      other = listener.accept();
      channel.configureBlocking(false);
    }

    @Override
    public SocketChannel channel() {
      return channel;
    }

    @Override
    public void ready() {
      whenReady.run();
      turn.complete(null);
    }

    @Override
    public void lost(IOException why) {
      lost.complete(why);
    }

    @Override
    public void close() throws IOException {
      channel.close();
      other.close();
    }
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
