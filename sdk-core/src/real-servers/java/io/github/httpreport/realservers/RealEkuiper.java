package io.github.httpreport.realservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A process of eKuiper on loopback, with a directory of its own. */
final class RealEkuiper implements AutoCloseable {

  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final int restPort;
  private final int dataPort;

  private RealEkuiper(Process process, int restPort, int dataPort) {
    this.process = process;
    this.restPort = restPort;
    this.dataPort = dataPort;
  }

  static RealEkuiper start(Path binary, Path defaults, Path directory) throws IOException {
    for (String each : List.of("etc", "data", "log", "plugins")) {
      Files.createDirectories(directory.resolve(each));
    }
    try (Stream<Path> files = Files.walk(defaults)) {
      for (Path file : files.toList()) {
        Path target = directory.resolve("etc").resolve(defaults.relativize(file).toString());
        if (!Files.exists(target)) {
          Files.copy(file, target);
        }
      }
    }
    Files.writeString(
        directory.resolve("etc/sources/httppush.yaml"),
        System.lineSeparator() + "put: {method: PUT}" + System.lineSeparator(),
        StandardOpenOption.APPEND);
    int restPort = freePort();
    int dataPort = freePort();
    ProcessBuilder builder = new ProcessBuilder(binary.toAbsolutePath().toString());
    builder.environment().putAll(settings(directory, restPort, dataPort));
    Process process =
        builder
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("kuiperd.out").toFile())
            .start();
    RealEkuiper server = new RealEkuiper(process, restPort, dataPort);
    Awaitility.await("eKuiper is up")
        .atMost(MAX_WAIT)
        .ignoreExceptions()
        .until(() -> server.ask("GET", "/", "").statusCode() == 200);
    return server;
  }

  private static Map<String, String> settings(Path directory, int restPort, int dataPort)
      throws IOException {
    return Map.of(
        "KuiperBaseKey", directory.toAbsolutePath().toString(),
        "KUIPER__BASIC__IP", "127.0.0.1",
        "KUIPER__BASIC__PORT", Integer.toString(freePort()),
        "KUIPER__BASIC__RESTIP", "127.0.0.1",
        "KUIPER__BASIC__RESTPORT", Integer.toString(restPort),
        "KUIPER__BASIC__PPROF", "false",
        // Without it the sink may not call back on loopback.
        "KUIPER__BASIC__ENABLEPRIVATENET", "true",
        "KUIPER__SOURCE__HTTPSERVERIP", "127.0.0.1",
        "KUIPER__SOURCE__HTTPSERVERPORT", Integer.toString(dataPort));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where the HTTP push sources listen, once there is one. */
  String address() {
    return "127.0.0.1:" + dataPort;
  }

  int dataPort() {
    return dataPort;
  }

  /** Makes a stream whose source takes POST, or PUT, at a path. */
  void createStream(String name, String path, boolean put) {
    String key = put ? ", CONF_KEY=\\\"put\\\"" : "";
    require(
        ask(
            "POST",
            "/streams",
            "{\"sql\":\"CREATE STREAM %s () WITH (DATASOURCE=\\\"%s\\\", TYPE=\\\"httppush\\\", "
                    .formatted(name, path)
                + "FORMAT=\\\"json\\\""
                + key
                + ")\"}"));
  }

  /**
   * Starts a rule that posts each tuple of a stream; its queues drop none of these tests' tuples.
   */
  void createRule(String stream, String callback) {
    require(
        ask(
            "POST",
            "/rules",
            """
            {"id":"rule_%s","sql":"SELECT * FROM %s","options":{"bufferLength":20000},
             "actions":[{"rest":{"url":"%s","method":"post","sendSingle":true,"bufferLength":20000}}]}
            """
                .formatted(stream, stream, callback)));
  }

  void stopRule(String stream) {
    require(ask("POST", "/rules/rule_" + stream + "/stop", ""));
  }

  private static void require(HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw new AssertionError("HTTP " + response.statusCode() + ": " + response.body());
    }
  }

  private HttpResponse<String> ask(String method, String path, String body) {
    URI uri = URI.create("http://127.0.0.1:" + restPort + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .method(method, BodyPublishers.ofString(body))
            .timeout(MAX_WAIT)
            .build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(MAX_WAIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
