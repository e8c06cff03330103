package io.github.httpreport.log4j2;

import io.github.httpreport.logging.LogStream;
import io.github.httpreport.logging.StreamSettings;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Appender that reports log events to a stream over HTTP, each as one message.
 *
 * <pre>{@code
 * <HttpReport name="reports" manager="http://manager:8083" group="logs" stream="orders"/>
 * }</pre>
 *
 * <p>The text of an event is that of the layout, and one line of JSON without one: see {@link
 * JsonLayout}. A line break at its end is left out.
 *
 * <p>An application thread never waits for a server: an event that the buffer has no room for is
 * lost. Lost events are counted, and reported to the status logger as an error at most once a
 * minute. Events of this library and of the threads that send are not appended. A stop delivers
 * what was accepted, within {@code closeTimeout}. Safe for use by many threads.
 *
 * <p>A bad option keeps the appender from being built, with an error in the status logger that
 * names the option. The attributes are the setters of {@link HttpReportAppenderBuilder}.
 */
@Plugin(
    name = "HttpReport",
    category = Core.CATEGORY_NAME,
    elementType = Appender.ELEMENT_TYPE,
    printObject = true)
public final class HttpReportAppender extends AbstractAppender {

  private final LogStream<LogEvent> stream;

  HttpReportAppender(
      String name,
      @Nullable Filter filter,
      Layout<? extends Serializable> layout,
      StreamSettings settings) {
    super(name, filter, layout, true, Property.EMPTY_ARRAY);
    setHandler(new StoppedErrors(this));
    stream = LogStream.open(settings, event -> text(layout, event), name, this::reportLosses);
  }

  /**
   * Starts from the defaults; for Log4j.
   *
   * @param <B> the type of the builder
   * @return a new builder
   */
  @PluginBuilderFactory
  public static <B extends HttpReportAppenderBuilder<B>> B newBuilder() {
    return new HttpReportAppenderBuilder<B>().asBuilder();
  }

  @Override
  public void append(LogEvent event) {
    if (!LogStream.isOwn(event.getLoggerName(), event.getThreadName())) {
      stream.append(event);
    }
  }

  /** Delivers what was accepted, for at most {@code closeTimeout}, and ends all threads. */
  @Override
  public boolean stop(long timeout, TimeUnit unit) {
    Duration atMost = Duration.of(Math.max(0, timeout), unit.toChronoUnit());
    stream.close(atMost, () -> super.stop(timeout, unit));
    return true;
  }

  /**
   * How many events were lost since the start.
   *
   * @return the events that could not be encoded, had no room in the buffer, or were given up
   */
  public long getLostEvents() {
    return stream.lost();
  }

  static void refused(String name, Exception why) {
    LOGGER.error("Appender {} is not built: {}", name, why.getMessage());
  }

  /** An error, because the status logger shows no warnings unless it is told to. */
  private void reportLosses(String text) {
    LOGGER.error("Appender {}: {}", getName(), text);
  }

  private static String text(Layout<? extends Serializable> layout, LogEvent event) {
    return layout instanceof StringLayout text
        ? text.toSerializable(event)
        : new String(layout.toByteArray(event), StandardCharsets.UTF_8);
  }
}
