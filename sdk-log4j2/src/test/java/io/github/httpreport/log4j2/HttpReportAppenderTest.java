package io.github.httpreport.log4j2;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.logging.AppenderContract;
import io.github.httpreport.testkit.LocalCluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.Node;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginFactory;
import org.apache.logging.log4j.core.config.xml.XmlConfiguration;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.AbstractLayout;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;
import org.apache.logging.log4j.status.StatusData;
import org.apache.logging.log4j.status.StatusListener;
import org.apache.logging.log4j.status.StatusLogger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpReportAppenderTest extends AppenderContract {

  /** The one that the loggers of the library belong to; it can be started again. */
  private static final LoggerContext CONTEXT = (LoggerContext) LogManager.getContext(false);

  private static final List<String> SEEN = new CopyOnWriteArrayList<>();

  private final Complaints complaints = new Complaints();
  private HttpReportAppender appender;

  /** Keeps what the status logger tells. */
  private static final class Complaints implements StatusListener {
    private final List<String> texts = new CopyOnWriteArrayList<>();

    @Override
    public void log(StatusData data) {
      texts.add(data.getMessage().getFormattedMessage());
    }

    @Override
    public Level getStatusLevel() {
      return Level.WARN;
    }

    @Override
    public void close() {}
  }

  /** Throws for what the contract says. Found by its package: it is no plugin of the library. */
  @Plugin(
      name = "ThrowingLayout",
      category = Node.CATEGORY,
      elementType = Layout.ELEMENT_TYPE,
      printObject = true)
  public static final class Throwing extends AbstractStringLayout {
    private Throwing() {
      super(StandardCharsets.UTF_8);
    }

    @PluginFactory
    public static Throwing create() {
      return new Throwing();
    }

    @Override
    public String toSerializable(LogEvent event) {
      String text = event.getMessage().getFormattedMessage();
      if (text.contains("throw error")) {
        throw new StackOverflowError(text);
      }
      if (text.contains("throw")) {
        throw new IllegalStateException(text);
      }
      return text;
    }
  }

  /** Names of loggers, so that a test sees what reaches other appenders. */
  private static final class Another extends AbstractAppender {
    Another() {
      super("another", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      SEEN.add(event.getLoggerName());
    }
  }

  /** See the contract. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) {
      System.setProperty("log4j2.configurationFile", Path.of(args[0]).toUri().toString());
      numbered(Integer.parseInt(args[1])).forEach(LogManager.getLogger(APPLICATION)::info);
    }
  }

  @BeforeEach
  void listen() {
    StatusLogger.getLogger().registerListener(complaints);
  }

  @AfterEach
  void listenNoMore() {
    StatusLogger.getLogger().removeListener(complaints);
  }

  @Override
  protected void configure(String xml) {
    complaints.texts.clear();
    SEEN.clear();
    start(xml);
  }

  /** As Log4j does for a changed file: the new one starts, then the old one is stopped. */
  private void start(String xml) {
    try {
      ConfigurationSource source =
          new ConfigurationSource(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
      Configuration configuration = new XmlConfiguration(CONTEXT, source);
      configuration.initialize();
      Another another = new Another();
      another.start();
      configuration.getRootLogger().addAppender(another, null, null);
      CONTEXT.start(configuration);
      appender = configuration.getAppender("reports");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected void stop() {
    CONTEXT.stop();
  }

  @Override
  protected void log(String logger, String message, @Nullable Throwable thrown) {
    CONTEXT.getLogger(logger).info(message, thrown);
  }

  @Override
  protected String xml(Map<String, String> options, String layout) {
    return xmlWith(options, layout.isEmpty() ? "" : "<PatternLayout pattern=\"" + layout + "\"/>");
  }

  @Override
  protected String xmlWithThrowingLayout(Map<String, String> options) {
    return xmlWith(options, "<ThrowingLayout/>")
        .replace("<Configuration>", "<Configuration packages=\"io.github.httpreport.log4j2\">");
  }

  private static String xmlWith(Map<String, String> options, String nested) {
    return """
        <Configuration>
          <Appenders><HttpReport name="reports" %s>%s</HttpReport></Appenders>
          <Loggers><Root level="DEBUG"><AppenderRef ref="reports"/></Root></Loggers>
        </Configuration>
        """
        .formatted(
            options.entrySet().stream()
                .map(e -> "%s=\"%s\"".formatted(e.getKey(), e.getValue()))
                .collect(Collectors.joining(" ")),
            nested);
  }

  @Override
  protected List<String> complaints() {
    return complaints.texts.stream()
        .filter(text -> !text.contains("package scanning") && !text.contains("plugins are not"))
        .toList();
  }

  @Override
  protected List<String> loggersSeenByAnother() {
    return SEEN;
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
  void append_contextMarkersAndFields_areMembers() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      configure(
          xmlWith(
              Map.of("manager", cluster.managerUrl(), "group", "g", "stream", "s"),
              "<HttpReportJsonLayout><KeyValuePair key=\"service\" value=\"orders\"/>"
                  + "</HttpReportJsonLayout>"));
      ThreadContext.put("user", "u1");
      ThreadContext.push("order");
      try {
        CONTEXT
            .getLogger(APPLICATION)
            .info(MarkerManager.getMarker("PAY").setParents(MarkerManager.getMarker("AUDIT")), "m");
      } finally {
        ThreadContext.clearAll();
      }
      stop();
      assertThat(cluster.stored().get(0).messages())
          .singleElement()
          .asString()
          .contains(
              "\"message\":\"m\",\"service\":\"orders\",\"mdc\":{\"user\":\"u1\"},"
                  + "\"ndc\":[\"order\"],\"markers\":[\"PAY\",\"AUDIT\"]}");
    }
  }

  @Test
  void reconfigure_whileOthersLog_losesNothing() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(2)) {
      String xml =
          xml(Map.of("manager", cluster.managerUrl(), "group", "g", "stream", "s"), "%msg");
      configure(xml);
      AtomicInteger logged = new AtomicInteger();
      Thread logging =
          new Thread(
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  log(APPLICATION, "event", null);
                  logged.incrementAndGet();
                }
              });
      logging.start();
      long lost = 0;
      for (int i = 0; i < 10; i++) {
        HttpReportAppender replaced = appender;
        configure(xml);
        lost += replaced.getLostEvents();
      }
      logging.interrupt();
      logging.join();
      stop();
      lost += appender.getLostEvents();
      assertThat(lost).isZero();
      assertThat(cluster.storedCount()).isEqualTo(logged.get());
    }
    assertThat(senderThreads()).isEmpty();
  }

  @Test
  void append_layoutOfBytes_isReadAsUtf8() {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      HttpReportAppenderBuilder<?> builder = HttpReportAppender.newBuilder();
      builder.setName("bytes");
      builder.setLayout(new Bytes());
      builder.setManager(cluster.managerUrl()).setGroup("g").setStream("s");
      HttpReportAppender built = builder.build();
      built.start();
      built.append(Log4jLogEvent.newBuilder().build());
      built.stop();
      assertThat(cluster.stored().get(0).messages()).containsExactly("\u65e5\u5fd7");
    }
  }

  /** A layout that is not one of strings. */
  private static final class Bytes extends AbstractLayout<byte[]> {
    Bytes() {
      super(null, null, null);
    }

    @Override
    public byte[] toByteArray(LogEvent event) {
      return "\u65e5\u5fd7".getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] toSerializable(LogEvent event) {
      return toByteArray(event);
    }

    @Override
    public String getContentType() {
      return "application/octet-stream";
    }
  }
}
