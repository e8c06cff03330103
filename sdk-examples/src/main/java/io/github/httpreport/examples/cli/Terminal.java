package io.github.httpreport.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/** What standard error is connected to. */
final class Terminal {

  /** Moves to the start of the line and erases it. */
  static final String ERASE_LINE = "\r\u001b[K";

  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /** Whether a person looks on, so that a line can be drawn over. */
  static boolean isInteractive() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    return Files.exists(STANDARD_ERROR.getParent())
        ? isTerminalDevice(STANDARD_ERROR)
        : Help.Ansi.AUTO.enabled();
  }

  /** How many columns a line has: those of the terminal, or 80 where there is none. */
  static int columns(CommandSpec command) {
    return command.usageMessage().autoWidth(true).width();
  }

  private static boolean isTerminalDevice(Path descriptor) {
    try {
      String device = descriptor.toRealPath().toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException pipe) {
      // A pipe or socket has no path.
      return false;
    }
  }
}
