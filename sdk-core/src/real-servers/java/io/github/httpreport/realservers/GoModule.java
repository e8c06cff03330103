package io.github.httpreport.realservers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The sources of a Go module, copied to where they can be built. */
final class GoModule {

  private static final Duration MAX_WAIT = Duration.ofMinutes(30);

  private final Path sources;

  private GoModule(Path sources) {
    this.sources = sources;
  }

  /** Skips the test, with a reason, where Go is missing. */
  static void assumeGo(Path workDirectory) throws IOException {
    Files.createDirectories(workDirectory);
    String version;
    try {
      version = run(workDirectory, List.of("go", "version"));
    } catch (IOException missing) {
      version = "";
    }
    if (!version.startsWith("go version")) {
      String reason = "skipped: Go is not on the PATH, so the real server cannot be built";
      // Maven keeps the reason of a skipped test to itself.
      System.out.println(reason);
      Assumptions.abort(reason);
    }
  }

  /**
   * Fetches a module through Go's own means and copies it, because a module with replace lines
   * builds only as the main module, and Go keeps what it fetched read-only.
   */
  static GoModule fetched(String module, String version, Path copy) throws IOException {
    if (!Files.exists(copy.resolve("go.mod"))) {
      String output =
          run(copy.getParent(), List.of("go", "mod", "download", "-json", module + '@' + version));
      copy(Path.of(new ObjectMapper().readTree(output).path("Dir").asText()), copy);
    }
    return new GoModule(copy);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path target = to.resolve(from.relativize(file));
            Files.copy(file, target);
            if (!target.toFile().setWritable(true)) {
              throw new IOException("cannot make " + target + " writable");
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  Path sources() {
    return sources;
  }

  /** Builds one program of the module, unless that was done before. */
  void build(String program, String tags, Path binary) throws IOException {
    if (!Files.exists(binary)) {
      run(
          sources,
          List.of("go", "build", "-tags", tags, "-o", binary.toAbsolutePath().toString(), program));
    }
  }

  private static String run(Path directory, List<String> command) throws IOException {
    Path errors = Files.createTempFile(directory, "go", ".err");
    Path output = Files.createTempFile(directory, "go", ".out");
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
    // The module stands for itself, whatever workspace it came from, and needs no C compiler.
    builder.environment().putAll(Map.of("GOWORK", "off", "CGO_ENABLED", "0"));
    try {
      Process process =
          builder
              .directory(directory.toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      if (!process.waitFor(MAX_WAIT.toMinutes(), TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError(
            String.join(" ", command) + " failed: " + text(output) + text(errors));
      }
      return text(output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      Files.deleteIfExists(errors);
      Files.deleteIfExists(output);
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
