package io.github.httpreport.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads secrets, none of which stands on a command line, where others see it. */
final class Secrets {

  private Secrets() {}

  /**
   * What a file holds, without white space around it.
   *
   * @throws IllegalArgumentException if it cannot be read or is empty; the text names the option
   */
  static String in(String option, Path file) {
    try {
      String secret = Files.readString(file).strip();
      if (secret.isEmpty()) {
        throw new IllegalArgumentException(option + ' ' + file + " is empty");
      }
      return secret;
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          option + ' ' + Inputs.textOf(file, unreadable), unreadable);
    }
  }
}
