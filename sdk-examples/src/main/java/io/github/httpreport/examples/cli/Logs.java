package io.github.httpreport.examples.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.LoggerFactory;

/** What of the library's log is seen on standard error: logback.xml, and what it cannot tell. */
public final class Logs {

  private static final String OURS = "io.github.httpreport";

  private Logs() {}

  /** Lets log lines and a progress bar share a terminal. */
  public static void prepare() {
    if (Terminal.isInteractive()
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context
          .getLogger(Logger.ROOT_LOGGER_NAME)
          .iteratorForAppenders()
          .forEachRemaining(
              appender -> {
                if (appender instanceof OutputStreamAppender<?> lines
                    && lines.getEncoder() instanceof PatternLayoutEncoder encoder) {
                  encoder.stop();
                  encoder.setPattern(Terminal.ERASE_LINE + encoder.getPattern());
                  encoder.start();
                }
              });
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
