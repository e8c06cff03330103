package io.github.httpreport.internal.transport;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.transport.TransportFixture.Kind;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.ScriptedServer;
import io.github.httpreport.testsupport.ScriptedServer.Script;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** The ways on which a request reaches a server: for callers that wait, and for all others. */
enum WirePath {
  PLAIN(false, Kind.SHARED),
  PLAIN_BLOCKING(false, Kind.BLOCKING),
  TLS(true, Kind.SHARED),
  TLS_BLOCKING(true, Kind.BLOCKING),
  /** Through a proxy that gets the absolute URI. */
  PROXY(false, Kind.SHARED),
  PROXY_BLOCKING(false, Kind.BLOCKING),
  /** Through a CONNECT tunnel, with TLS inside. */
  TUNNEL(true, Kind.SHARED),
  TUNNEL_BLOCKING(true, Kind.BLOCKING);

  private static final String PASSED = "HTTP/1.1 200 Connection established\r\n\r\n";

  private final boolean secure;
  private final Kind kind;

  WirePath(boolean secure, Kind kind) {
    this.secure = secure;
    this.kind = kind;
  }

  /** Whether callers wait for their responses. */
  boolean isBlocking() {
    return kind == Kind.BLOCKING;
  }

  private boolean hasProxy() {
    return name().startsWith("PROXY") || name().startsWith("TUNNEL");
  }

  /** Certificates for the paths with TLS. */
  static Certificates certificates(java.nio.file.Path directory) {
    return Certificates.in(directory).signed("node", "-ext", "san=ip:127.0.0.1");
  }

  /** Starts a server with these scripts, and a transport that reaches it. */
  Link start(Certificates certificates, Script... scripts) {
    return new Link(this, certificates, scripts);
  }

  /** A server and a transport to it. */
  static final class Link implements AutoCloseable {
    final ScriptedServer server;
    final ManualScheduler timer = new ManualScheduler();
    private final HttpTransport transport;
    private final Origin origin;
    private final WirePath path;

    private Link(WirePath path, Certificates certificates, Script... scripts) {
      this.path = path;
      if (path.secure && path.hasProxy()) {
        server =
            ScriptedServer.start(
                Arrays.stream(scripts)
                    .map(script -> tunnelled(certificates, script))
                    .toArray(Script[]::new));
      } else if (path.secure) {
        server = ScriptedServer.start(certificates.serverSocket("node"), scripts);
      } else {
        server = ScriptedServer.start(scripts);
      }
      TlsSettings tls =
          TlsSettings.builder().trustCertificates(certificates.authorityFile()).build();
      origin = new Origin(path.secure, "127.0.0.1", server.port());
      transport =
          new HttpTransport(
              TransportFixture.settings(
                  tls, TransportFixture.CONNECT_TIMEOUT, path.hasProxy() ? server.origin() : null),
              timer,
              TransportFixture.LOOK_UP_HERE);
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
      if (!path.isBlocking()) {
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
