package io.github.httpreport.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.examples.CliRun;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterCommandTest {

  private static final Pattern CURL =
      Pattern.compile("curl ((?:-d \\S+ (?:\\\\\\R +)?)+)http://127\\.0\\.0\\.1:(\\d+)(\\S+)");

  @TempDir private Path directory;

  @Test
  void cluster_theRequestThatItShows_isAnsweredAndCounted() throws Exception {
    try (RunningTool cluster = RunningTool.start("cluster", "--topic", "g/s")) {
      Matcher curl = cluster.awaitOutput(CURL);
      String form =
          Stream.of(curl.group(1).split("\\s+"))
              .filter(word -> word.contains("="))
              .collect(Collectors.joining("&"));
      assertThat(form).startsWith("groupId=g&streamId=s&dt=").endsWith("body=hello&cnt=1");
      assertThat(post(Integer.parseInt(curl.group(2)), curl.group(3), form))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .endsWith("{\"code\":\"0\",\"msg\":\"Ok\"}");
      cluster.awaitOutput(Pattern.compile("1 messages stored, 1 new"));
      assertThat(cluster.end()).isEqualTo(143);
      assertThat(cluster.output()).containsPattern("\nNODE +MESSAGES +REQUESTS\n").contains("all");
      assertThat(cluster.output()).doesNotContain("hello'\nhello");
    }
  }

  @Test
  void cluster_otherCommands_workAgainstIt() throws Exception {
    Path auth = Files.writeString(directory.resolve("auth"), "me:key:with:colons\n");
    Path key = Files.writeString(directory.resolve("key"), "key:with:colons");
    try (RunningTool cluster =
        RunningTool.start(
            "cluster", "--auth-file", auth.toString(), "--slow", "2=200ms", "--print")) {
      String manager = cluster.awaitOutput(Pattern.compile("Manager +(http://\\S+)")).group(1);
      String[] login = {
        "--manager", manager, "--group", "g", "--secret-id", "me", "--secret-key-file", key + ""
      };
      CliRun nodes = CliRun.of(with("nodes", login));
      assertThat(nodes.exitCode()).as(nodes.toString()).isZero();
      assertThat(nodes.outLines()).hasSize(4);
      assertThat(nodes.outLines().get(2)).containsPattern("yes +2\\d\\d\\.\\d ms");
      CliRun sent = CliRun.withInput("from a test", with("send", login, "--stream", "s"));
      assertThat(sent.exitCode()).as(sent.toString()).isZero();
      cluster.awaitOutput(Pattern.compile("g/s from a test"));
    }
  }

  @Test
  void cluster_chosenPorts_areUsed() throws Exception {
    int free = freePort();
    try (RunningTool cluster = RunningTool.start("cluster", "--manager-port", free + "")) {
      String url = cluster.awaitOutput(Pattern.compile("Manager +(http://\\S+)")).group(1);
      assertThat(url).isEqualTo("http://127.0.0.1:" + free);
      CliRun second = CliRun.of("cluster", "--manager-port", free + "");
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.err())
          .startsWith("error: cluster-manager cannot listen on 127.0.0.1:" + free)
          .hasLineCount(1);
    }
  }

  @Test
  void cluster_interrupted_endsWithItsSummary() throws InterruptedException {
    CliRun[] runs = new CliRun[1];
    Thread thread = new Thread(() -> runs[0] = CliRun.of("cluster", "--nodes", "2"));
    thread.start();
    await().until(() -> thread.getState() == Thread.State.WAITING);
    thread.interrupt();
    thread.join(TimeUnit.SECONDS.toMillis(10));
    assertThat(runs[0].exitCode()).as(runs[0].toString()).isZero();
    assertThat(runs[0].out()).contains("NODE");
  }

  @Test
  void cluster_badUsage_isNamedInOneLine() throws IOException {
    Path noColon = Files.writeString(directory.resolve("auth"), "secret");
    assertUsage("--topic must be GROUP/STREAM, but is 'g'", "--topic", "g");
    assertUsage("must not be blank", "--topic", "g/");
    assertUsage("--slow names node 4, but nodes are 1 to 3", "--slow", "4=1s");
    assertUsage("'x' is no number of a node", "--slow", "x=1s");
    assertUsage("'1y' is no time", "--slow", "1=1y");
    assertUsage("managerPort must be from 0 to 65535", "--manager-port", "70000");
    assertUsage("leaves no port for the last of 3 nodes", "--port", "65534");
    assertUsage("firstPort must be from 0 to 65535, but is -1", "--port", "-1");
    assertUsage("--nodes must be at least 1, but is 0", "--nodes", "0");
    assertUsage("no such file", "--auth-file", directory.resolve("missing").toString());
    assertUsage("must hold secretId:secretKey", "--auth-file", noColon.toString());
  }

  private static void assertUsage(String text, String... args) {
    CliRun run = CliRun.of(with("cluster", args));
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(text).doesNotContain("\tat ");
  }

  private static String[] with(String command, String[] args, String... more) {
    return Stream.of(new String[] {command}, args, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private static String post(int port, String path, String form) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        OutputStream out = socket.getOutputStream()) {
      String head =
          "POST "
              + path
              + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
              + form.length()
              + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n";
      out.write((head + form).getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
