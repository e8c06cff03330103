package io.github.httpreport.logback;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import io.github.httpreport.logging.AppenderContract;
import io.github.httpreport.testkit.LocalCluster;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.MarkerFactory;

class HttpReportAppenderTest extends AppenderContract {

  private static final LoggerContext CONTEXT = (LoggerContext) LoggerFactory.getILoggerFactory();

  private HttpReportAppender appender;

  /** Names of loggers, so that a test sees what reaches other appenders. */
  public static final class Another extends AppenderBase<ILoggingEvent> {
    static final List<String> SEEN = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      SEEN.add(event.getLoggerName());
    }
  }

  /** Throws for what the contract says. */
  public static final class Throwing extends LayoutBase<ILoggingEvent> {
    @Override
    public String doLayout(ILoggingEvent event) {
      String text = event.getFormattedMessage();
      if (text.contains("throw error")) {
        throw new StackOverflowError(text);
      }
      if (text.contains("throw")) {
        throw new IllegalStateException(text);
      }
      return text;
    }
  }

  /** Counts what Logback handed over, for an appender that is replaced under load. */
  public static final class Counting extends HttpReportAppender {
    static final AtomicInteger APPENDED = new AtomicInteger();
    static final List<Counting> ALL = new CopyOnWriteArrayList<>();

    public Counting() {
      ALL.add(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      super.append(event);
      if (event.getLoggerName().equals(APPLICATION)) {
        APPENDED.incrementAndGet();
      }
    }
  }

  /** See the contract. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      configureFrom(Files.readString(Path.of(args[0])).replace("<root", "<shutdownHook/><root"));
      numbered(Integer.parseInt(args[1])).forEach(LoggerFactory.getLogger(APPLICATION)::info);
    }
  }

  private static void configureFrom(String xml) throws JoranException {
    CONTEXT.reset();
    CONTEXT.start();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(CONTEXT);
    configurator.doConfigure(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  @AfterAll
  static void restore() {
    CONTEXT.reset();
  }

  @Override
  protected void configure(String xml) {
    CONTEXT.getStatusManager().clear();
    Another.SEEN.clear();
    try {
      configureFrom(xml);
      appender = (HttpReportAppender) CONTEXT.getLogger("ROOT").getAppender("reports");
    } catch (JoranException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected void stop() {
    CONTEXT.stop();
  }

  @Override
  protected void log(String logger, String message, @Nullable Throwable thrown) {
    LoggerFactory.getLogger(logger).info(message, thrown);
  }

  @Override
  protected String xml(Map<String, String> options, String layout) {
    String encoder = layout.isEmpty() ? "" : "<encoder><pattern>" + layout + "</pattern></encoder>";
    return xml(HttpReportAppender.class, options, encoder);
  }

  @Override
  protected String xmlWithThrowingLayout(Map<String, String> options) {
    return xml(
        HttpReportAppender.class, options, "<layout class=\"" + Throwing.class.getName() + "\"/>");
  }

  private static String xml(Class<?> appender, Map<String, String> options, String nested) {
    return """
        <configuration>
          <appender name="reports" class="%s">%s%s</appender>
          <appender name="another" class="%s"/>
          <root level="DEBUG"><appender-ref ref="reports"/><appender-ref ref="another"/></root>
        </configuration>
        """
        .formatted(
            appender.getName(),
            options.entrySet().stream()
                .map(e -> "<%1$s>%2$s</%1$s>".formatted(e.getKey(), e.getValue()))
                .collect(Collectors.joining()),
            nested,
            Another.class.getName());
  }

  @Override
  protected List<String> complaints() {
    return CONTEXT.getStatusManager().getCopyOfStatusList().stream()
        .filter(status -> status.getLevel() >= Status.WARN)
        .map(Status::getMessage)
        .toList();
  }

  @Override
  protected List<String> loggersSeenByAnother() {
    return Another.SEEN;
  }

  @Override
  protected long lost() {
    return appender.getLostEvents();
  }

  @Override
  protected Class<?> program() {
    return Program.class;
  }

  @Test
  void append_mdcMarkersAndKeyValues_areMembers() {
    List<String> lines = new CopyOnWriteArrayList<>();
    try (LocalCluster cluster = LocalCluster.start(1)) {
      configure(
          xml(
              HttpReportAppender.class,
              Map.of("manager", cluster.managerUrl(), "group", "g", "stream", "s"),
              "<layout class=\""
                  + JsonLayout.class.getName()
                  + "\"><field>service=orders</field><field>env=test</field></layout>"));
      MDC.put("user", "u1");
      try {
        LoggerFactory.getLogger(APPLICATION)
            .atInfo()
            .addMarker(MarkerFactory.getMarker("AUDIT"))
            .addKeyValue("amount", 5)
            .log("paid");
      } finally {
        MDC.clear();
      }
      stop();
      lines.addAll(cluster.stored().get(0).messages());
    }
    assertThat(lines)
        .singleElement()
        .asString()
        .contains(
            "\"message\":\"paid\",\"service\":\"orders\",\"env\":\"test\",\"mdc\":{\"user\":\"u1\"},"
                + "\"keyValues\":{\"amount\":5},\"markers\":[\"AUDIT\"]}");
  }

  @Test
  void append_layoutWithCharset_isReadWithIt() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      configure(
          xml(
              HttpReportAppender.class,
              Map.of("manager", cluster.managerUrl(), "group", "g", "stream", "s"),
              "<encoder><charset>UTF-16</charset><pattern>%msg%n</pattern></encoder>"));
      log(APPLICATION, "\u65e5\u5fd7", null);
      stop();
      assertThat(cluster.stored().get(0).messages()).containsExactly("\u65e5\u5fd7");
    }
  }

  /** Logback itself has no appender for a moment; what an appender gets, it delivers or counts. */
  @Test
  void reconfigure_whileOthersLog_deliversWhatWasAppended() throws Exception {
    Counting.APPENDED.set(0);
    try (LocalCluster cluster = LocalCluster.start(2)) {
      String xml =
          xml(
              Counting.class,
              Map.of("manager", cluster.managerUrl(), "group", "g", "stream", "s"),
              "");
      configure(xml);
      Thread logging =
          new Thread(
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  log(APPLICATION, "event", null);
                }
              });
      logging.start();
      for (int i = 0; i < 10; i++) {
        configure(xml);
      }
      logging.interrupt();
      logging.join();
      stop();
      long lost = Counting.ALL.stream().mapToLong(Counting::getLostEvents).sum();
      assertThat(cluster.storedCount()).isPositive();
      assertThat(cluster.storedCount() + lost).isEqualTo(Counting.APPENDED.get());
    }
    assertThat(senderThreads()).isEmpty();
  }

  @Test
  void start_afterStop_worksAgain() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      appender = new HttpReportAppender();
      appender.setContext(CONTEXT);
      appender.setManager(cluster.managerUrl());
      appender.setGroup("g");
      appender.setStream("s");
      PatternLayout layout = new PatternLayout();
      layout.setContext(CONTEXT);
      layout.setPattern("%msg");
      layout.start();
      appender.setLayout(layout);
      assertThat(appender.getLostEvents()).isZero();
      for (int i = 0; i < 2; i++) {
        appender.start();
        appender.start();
        appender.doAppend(
            new ch.qos.logback.classic.spi.LoggingEvent(
                "",
                CONTEXT.getLogger(APPLICATION),
                ch.qos.logback.classic.Level.INFO,
                "m",
                null,
                null));
        appender.stop();
        appender.stop();
      }
      assertThat(cluster.storedCount()).isEqualTo(2);
    }
  }
}
