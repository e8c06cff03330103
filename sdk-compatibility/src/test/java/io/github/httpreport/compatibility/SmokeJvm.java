package io.github.httpreport.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own for a program, and what it printed. */
record SmokeJvm(int exit, List<String> lines) {

  private static final long PATIENCE_SECONDS = 120;

  /** Runs {@code java} with these arguments to its end. */
  static SmokeJvm run(Path output, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Starts fast: none of them lives for long.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("did not end: " + Files.readString(output));
      }
      return new SmokeJvm(process.exitValue(), Files.readAllLines(output));
    } finally {
      process.destroyForcibly();
    }
  }

  /** The rest of each line that begins with this word. */
  List<String> after(String word) {
    return lines.stream()
        .filter(line -> line.startsWith(word + ' '))
        .map(line -> line.substring(word.length() + 1))
        .toList();
  }
}
