package io.github.httpreport.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file or standard input. What begins like gzip is read unpacked, whatever its name.
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

  /** The lines of it, with a count of the bytes that were read, packed or not. */
  CountedInput open() throws IOException {
    InputStream raw = file == null ? System.in : Files.newInputStream(file);
    return CountedInput.unpacking(raw);
  }

  boolean hasSize() {
    return file != null && Files.isRegularFile(file);
  }

  long size() {
    try {
      return file == null ? 0 : Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
