package io.github.httpreport.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files that a user names. */
final class Inputs {

  private static final int CHUNK = 64 << 10;

  private Inputs() {}

  /**
   * Looks whether a file can be read.
   *
   * @throws IOException if not, with words for the user
   */
  static void requireReadable(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a directory");
    }
    try (InputStream opened = Files.newInputStream(file)) {
      opened.available();
    } catch (IOException unreadable) {
      throw new IOException(textOf(file, unreadable), unreadable);
    }
  }

  /** What is wrong with a file, in the words that the system's own tools have for it. */
  static String textOf(Path file, IOException error) {
    if (error instanceof NoSuchFileException) {
      return file + ": no such file";
    }
    if (error instanceof AccessDeniedException) {
      return file + ": permission denied";
    }
    return file + ": " + Format.of(error);
  }

  /** How many lines a file has. */
  static long countLines(InputStream in) throws IOException {
    try (in) {
      byte[] chunk = new byte[CHUNK];
      long lines = 0;
      byte last = '\n';
      for (int length = in.read(chunk); length > 0; length = in.read(chunk)) {
        for (int i = 0; i < length; i++) {
          lines += chunk[i] == '\n' ? 1 : 0;
        }
        last = chunk[length - 1];
      }
      return last == '\n' ? lines : lines + 1;
    }
  }
}
