package io.github.httpreport.contract;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Everything that anybody logs while this is open, at TRACE and above. */
final class AllLogs implements AutoCloseable {

  private static final String OURS = "io.github.httpreport";

  private final Logger root = logger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Level rootLevel = root.getLevel();
  private final Level ourLevel = logger(OURS).getLevel();
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  private AllLogs() {
    appender.start();
    root.addAppender(appender);
    root.setLevel(Level.TRACE);
    logger(OURS).setLevel(Level.TRACE);
  }

  static AllLogs capture() {
    return new AllLogs();
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  /** The lines, with what was thrown. */
  List<String> lines() {
    return List.copyOf(appender.list).stream().map(AllLogs::line).toList();
  }

  private static String line(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(event.getFormattedMessage());
    for (IThrowableProxy thrown = event.getThrowableProxy();
        thrown != null;
        thrown = thrown.getCause()) {
      line.append('\n').append(thrown.getMessage());
    }
    return line.toString();
  }

  @Override
  public void close() {
    logger(OURS).setLevel(ourLevel);
    root.setLevel(rootLevel);
    root.detachAppender(appender);
    appender.stop();
  }
}
