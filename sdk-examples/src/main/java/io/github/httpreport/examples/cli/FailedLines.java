package io.github.httpreport.examples.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The file that lines go to which were not delivered, each as it was read, so that the file can be
 * sent in its turn. Each is written at once. Safe for use by many threads.
 */
final class FailedLines implements Closeable {

  private final @Nullable OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable IOException firstError;

  private FailedLines(@Nullable OutputStream out) {
    this.out = out;
  }

  /** Adds to the end of a file; keeps nothing where the file is null. */
  static FailedLines open(@Nullable Path file) throws IOException {
    return new FailedLines(
        file == null
            ? null
            : Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  void add(byte[] line) {
    if (out == null) {
      return;
    }
    byte[] ended = Arrays.copyOf(line, line.length + 1);
    ended[line.length] = '\n';
    lock.lock();
    try {
      out.write(ended);
    } catch (IOException e) {
      firstError = firstError == null ? e : firstError;
    } finally {
      lock.unlock();
    }
  }

  /** Why the file lacks lines; null when it lacks none. */
  @Nullable IOException firstError() {
    lock.lock();
    try {
      return firstError;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }
}
