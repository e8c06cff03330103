package io.github.httpreport.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file or standard input.
 *
 * @param file null for standard input
 */
record Input(@Nullable Path file) {

  static Input standard() {
    return new Input(null);
  }

  static List<Input> of(List<Path> files) {
    return files.stream().map(Input::new).toList();
  }

  String name() {
    return file == null ? "standard input" : file.toString();
  }

  InputStream open() throws IOException {
    return file == null ? System.in : Files.newInputStream(file);
  }

  /** Shows how far the reading of these is: in bytes where it is known how many there are. */
  static Progress progress(PrintWriter err, List<Input> inputs) {
    boolean known = inputs.stream().allMatch(Input::hasSize);
    return known
        ? Progress.of(err, Progress.Unit.BYTES, inputs.stream().mapToLong(Input::size).sum())
        : Progress.of(err, Progress.Unit.LINES, Progress.UNKNOWN);
  }

  boolean hasSize() {
    return file != null && Files.isRegularFile(file);
  }

  private long size() {
    try {
      return file == null ? 0 : Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
