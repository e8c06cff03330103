package io.github.httpreport.examples.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** What of the library's log is seen on standard error. */
public final class Logs {

  private static final String OURS = "io.github.httpreport";

  /** Read by logback.xml. */
  private static final String LINE_START = "http-report.log.line-start";

  private Logs() {}

  /** Lets log lines and a progress bar share a terminal. Before anything is logged. */
  public static void prepare() {
    if (Terminal.isInteractive()) {
      System.setProperty(LINE_START, Terminal.ERASE_LINE);
    }
  }

  /**
   * Sets how much is seen of what the library logs: changes for the worse, or everything.
   *
   * @param verbose true for everything
   */
  public static void verbose(boolean verbose) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(OURS).setLevel(verbose ? Level.DEBUG : Level.WARN);
    }
  }
}
