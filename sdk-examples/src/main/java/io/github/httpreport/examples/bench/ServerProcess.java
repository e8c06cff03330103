package io.github.httpreport.examples.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link BenchServer} in a child process. It ends when this is closed or this process ends. */
final class ServerProcess implements AutoCloseable {

  private static final long SECONDS_TO_END = 10;

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;
  private String managerUrl = "";
  private List<String> nodes = List.of();

  private ServerProcess(Process process) {
    this.process = process;
    answers = process.inputReader(UTF_8);
    questions = process.outputWriter(UTF_8);
  }

  /** Starts the server and waits until it listens. */
  static ServerProcess start(int nodes) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(mainClass());
    command.add(Integer.toString(nodes));
    ServerProcess server =
        new ServerProcess(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    try {
      server.managerUrl = server.line();
      server.nodes = List.of(server.line().split(" "));
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private static List<String> mainClass() {
    Module module = BenchServer.class.getModule();
    String name = BenchServer.class.getName();
    return module.isNamed()
        ? List.of(
            "--module-path",
            System.getProperty("jdk.module.path"),
            "--module",
            module.getName() + '/' + name)
        : List.of("-classpath", System.getProperty("java.class.path"), name);
  }

  String managerUrl() {
    return managerUrl;
  }

  /** The addresses of the nodes, as {@code host:port}. */
  List<String> nodes() {
    return nodes;
  }

  /** How many messages the server has stored so far. */
  long stored() throws IOException {
    questions.write(BenchServer.STORED);
    questions.newLine();
    questions.flush();
    return Long.parseLong(line());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private String line() throws IOException {
    String line = answers.readLine();
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
  }
}
