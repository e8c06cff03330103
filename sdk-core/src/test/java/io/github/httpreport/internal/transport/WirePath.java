package io.github.httpreport.internal.transport;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.ScriptedServer;
import io.github.httpreport.testsupport.ScriptedServer.Script;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** The ways on which a request reaches a server. */
enum WirePath {
  /** On the reactor. */
  REACTOR,
  /** On the reactor, with TLS. */
  TLS,
  /** On the calling thread, as far as that path takes the request. */
  BLOCKING,
  /** Through a proxy that gets the absolute URI. */
  PROXY,
  /** Through a CONNECT tunnel, with TLS inside. */
  TUNNEL;

  private static final String PASSED = "HTTP/1.1 200 Connection established\r\n\r\n";

  /** Certificates for {@link #TLS} and {@link #TUNNEL}. */
  static Certificates certificates(java.nio.file.Path directory) {
    return Certificates.in(directory).signed("node", "-ext", "san=ip:127.0.0.1");
  }

  /** Whether connections carry one exchange after the other. */
  boolean reusesConnections() {
    return this != PROXY && this != TUNNEL;
  }

  /** Starts a server with these scripts, and a transport that reaches it. */
  Wire start(Certificates certificates, Script... scripts) {
    return new Wire(this, certificates, scripts);
  }

  /** A server and a transport to it. */
  static final class Wire implements AutoCloseable {
    final ScriptedServer server;
    final ManualScheduler timer = new ManualScheduler();
    private final Transport transport;
    private final Origin origin;
    private final WirePath path;

    private Wire(WirePath path, Certificates certificates, Script... scripts) {
      this.path = path;
      server =
          switch (path) {
            case TLS -> ScriptedServer.start(certificates.serverSocket("node"), scripts);
            case TUNNEL ->
                ScriptedServer.start(
                    Arrays.stream(scripts)
                        .map(script -> tunnelled(certificates, script))
                        .toArray(Script[]::new));
            default -> ScriptedServer.start(scripts);
          };
      TlsSettings tls =
          TlsSettings.builder().trustCertificates(certificates.authorityFile()).build();
      TransportSettings settings = TransportFixture.settings(tls, TransportFixture.CONNECT_TIMEOUT);
      boolean secure = path == TLS || path == TUNNEL;
      origin = new Origin(secure, "127.0.0.1", server.port());
      ReactorTransport reactor = new ReactorTransport(settings, timer, (host, task) -> task.run());
      transport =
          switch (path) {
            case REACTOR, TLS -> reactor;
            case BLOCKING -> new BlockingTransport(reactor, settings, timer);
            default ->
                new ProxyTransport(settings, server.origin(), timer, (host, task) -> task.run());
          };
    }

    private static Script tunnelled(Certificates certificates, Script script) {
      return c -> {
        c.readHead();
        c.write(PASSED);
        c.startTls(certificates.context("node"));
        script.run(c);
      };
    }

    /** A request with a body of this size. */
    Request request(int bodyBytes) {
      return Request.post(origin, "/dataproxy/message").body(new byte[bodyBytes], "x/y").build();
    }

    CompletableFuture<Response> send(Request request, Predicate<Response> keepConnection) {
      if (path != BLOCKING) {
        return transport.execute(request, keepConnection);
      }
      return CompletableFuture.supplyAsync(
              () -> transport.executeHere(request, keepConnection, Duration.ofDays(1)),
              task -> Executors.defaultThreadFactory().newThread(task).start())
          .thenCompose(answer -> answer);
    }

    CompletableFuture<Response> send(int bodyBytes) {
      return send(request(bodyBytes), TransportFixture.KEEP);
    }

    @Override
    public void close() {
      transport.close(Duration.ofSeconds(5));
      server.close();
    }
  }
}
