package io.github.httpreport.log4j2;

import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.appender.DefaultErrorHandler;

/**
 * Errors that Log4j raises for an appender, but for that of a recursive call. The library logs on
 * the thread that appends, when it loses an event for example, and Log4j calls that a recursion.
 * Such an event is not appended anyway, so it is no error. The only other error without an
 * exception is an event for an appender that is stopped.
 */
final class StoppedErrors extends DefaultErrorHandler {

  private final Appender appender;

  StoppedErrors(Appender appender) {
    super(appender);
    this.appender = appender;
  }

  @Override
  public void error(String message) {
    if (!appender.isStarted()) {
      super.error(message);
    }
  }
}
