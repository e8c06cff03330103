package io.github.httpreport.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * Hears every log line of the process, at any level and of any library, while it is open. A body
 * and a secret that must not be told are in what the matrix sends.
 */
final class Canary implements AutoCloseable {

  /** In every body. Written in letters that no encoding changes. */
  static final String BODY = "canaryBodyQ7x";

  static final String SECRET_ID = "matrix";
  static final String SECRET_KEY = "canarySecretQ7x";

  private static final String BASIC =
      Base64.getEncoder().encodeToString((SECRET_ID + ':' + SECRET_KEY).getBytes(UTF_8));

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger library = (Logger) LoggerFactory.getLogger("io.github.httpreport");
  private final Level rootBefore = root.getLevel();
  private final Level libraryBefore = library.getLevel();
  private final Appender<ILoggingEvent> console = root.getAppender("console");
  private final Ear ear = new Ear();

  private Canary() {
    ear.setContext(root.getLoggerContext());
    ear.start();
    root.addAppender(ear);
    // A thousand broken nodes are not worth a thousand lines there.
    root.detachAppender(console);
    root.setLevel(Level.TRACE);
    library.setLevel(Level.TRACE);
  }

  static Canary listen() {
    return new Canary();
  }

  /** Whether the text tells what must not be told. */
  static boolean isIn(String text) {
    return text.contains(BODY) || text.contains(SECRET_KEY) || text.contains(BASIC);
  }

  /** An exception is taken with all of its causes and with its stack trace. */
  static void assertNotIn(Object object) {
    String text = object instanceof Throwable t ? print(t) : String.valueOf(object);
    assertThat(isIn(text)).as("a body or a secret is told: %s", text).isFalse();
  }

  private static String print(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** The log lines that told it. */
  List<String> leaks() {
    return List.copyOf(ear.leaks);
  }

  /** How many lines of all kinds were heard. */
  long lines() {
    return ear.lines.get();
  }

  @Override
  public void close() {
    root.detachAppender(ear);
    root.addAppender(console);
    root.setLevel(rootBefore);
    library.setLevel(libraryBefore);
    ear.stop();
  }

  private static final class Ear extends AppenderBase<ILoggingEvent> {
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();
    private final AtomicLong lines = new AtomicLong();

    @Override
    protected void append(ILoggingEvent event) {
      lines.incrementAndGet();
      String text =
          event.getLoggerName()
              + (" [" + event.getThreadName() + "] ")
              + event.getFormattedMessage()
              + Arrays.toString(event.getArgumentArray())
              + ThrowableProxyUtil.asString(event.getThrowableProxy());
      if (isIn(text)) {
        leaks.add(text);
      }
    }
  }
}
