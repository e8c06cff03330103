package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The {@link BenchServer} as a child process. Used by one thread. */
final class ServerProcess implements AutoCloseable {

  private static final int SECONDS_TO_END = 10;

  private final ServerKind kind;
  private final Process process;
  private final BufferedReader responses;
  private final BufferedWriter questions;
  private String managerUrl = "";
  private List<String> nodes = List.of();
  private final @Nullable SelfSignedCertificate certificate;

  private ServerProcess(
      ServerKind kind, Process process, @Nullable SelfSignedCertificate certificate) {
    this.kind = kind;
    this.process = process;
    this.certificate = certificate;
    responses = process.inputReader(UTF_8);
    questions = process.outputWriter(UTF_8);
  }

  /** Starts a server without TLS and waits until it listens. */
  static ServerProcess start(ServerKind kind, int nodes) throws IOException {
    return start(kind, nodes, null);
  }

  /**
   * Starts the server and waits until it listens.
   *
   * @param certificate of a lean server that speaks TLS as well; deleted at the end
   */
  static ServerProcess start(
      ServerKind kind, int nodes, @Nullable SelfSignedCertificate certificate) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(kind.name(), Integer.toString(nodes)));
    if (certificate != null) {
      arguments.add(certificate.keyFile().toString());
    }
    ServerProcess server =
        new ServerProcess(
            kind,
            ChildJvm.start(BenchServer.class, List.of("-Xmx256m", "-XX:+UseSerialGC"), arguments),
            certificate);
    try {
      server.managerUrl = server.line();
      server.nodes = List.of(server.line().split(" "));
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  ServerKind kind() {
    return kind;
  }

  /** Of a Manager that lists so many nodes; that of a cluster lists them all. */
  String managerUrl(int listed) {
    return kind == ServerKind.lean ? managerUrl + '/' + listed : managerUrl;
  }

  /** What a server that speaks TLS shows. */
  SelfSignedCertificate certificate() {
    return requireNonNull(certificate, "the server was started without TLS");
  }

  /** The addresses of the nodes, as {@code host:port}. */
  List<String> nodes() {
    return nodes;
  }

  /** What the server has taken so far. */
  Counts counts() throws IOException {
    return ask(BenchServer.COUNTS);
  }

  /** Makes a lean server answer reports so much later. */
  void delay(Duration value) throws IOException {
    ask(BenchServer.DELAY + value.toMillis());
  }

  /** Addresses of the nodes of a lean server on a network with this delay each way. */
  List<String> delayedNodes(Duration delay) throws IOException {
    return List.of(response(BenchServer.FAR + delay.toMillis()).split(" "));
  }

  private Counts ask(String question) throws IOException {
    return Counts.parse(response(question));
  }

  private String response(String question) throws IOException {
    questions.write(question);
    questions.newLine();
    questions.flush();
    return line();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private String line() throws IOException {
    String line = responses.readLine();
    if (line == null) {
      throw new IOException("the server process ended before its time");
    }
    return line;
  }

  /** The end of its input ends the server. */
  @Override
  public void close() {
    try (questions) {
      questions.flush();
    } catch (IOException e) {
      process.destroy();
    }
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    if (certificate != null) {
      certificate.delete();
    }
  }
}
