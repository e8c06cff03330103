package io.github.httpreport.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.examples.Cli;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tool in a process of its own, for what a signal does to it. */
final class RunningTool implements AutoCloseable {

  private static final int SECONDS = 20;

  private final Process process;
  private final AtomicReference<String> output = new AtomicReference<>("");
  private final Thread reader;

  private RunningTool(Process process) {
    this.process = process;
    reader = new Thread(this::readOutput, "output-of-tool");
    reader.setDaemon(true);
    reader.start();
  }

  static RunningTool start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Cli.class.getName()));
    command.addAll(List.of(args));
    return new RunningTool(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private void readOutput() {
    byte[] chunk = new byte[4096];
    try (InputStream in = process.getInputStream()) {
      for (int length = in.read(chunk); length > 0; length = in.read(chunk)) {
        add(new String(chunk, 0, length, UTF_8));
      }
    } catch (IOException e) {
      add(e.toString());
    }
  }

  private void add(String text) {
    output.updateAndGet(before -> before + text);
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  String output() {
    return output.get();
  }

  Matcher awaitOutput(Pattern pattern) {
    await()
        .atMost(SECONDS, TimeUnit.SECONDS)
        .failFast("the tool ended", () -> !process.isAlive() && !reader.isAlive())
        .until(() -> pattern.matcher(output()).find());
    Matcher found = pattern.matcher(output());
    found.find();
    return found;
  }

  /** Sends SIGTERM. */
  void signal() {
    // Process.destroy() would close the streams, and what is said at the end would be lost.
    process.toHandle().destroy();
  }

  /** Sends SIGTERM and returns the exit code. */
  int end() throws InterruptedException {
    signal();
    return exitCode();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the tool does not end: " + output);
    }
    reader.join(TimeUnit.SECONDS.toMillis(SECONDS));
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
