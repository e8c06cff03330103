package io.github.httpreport.log4j2;

import io.github.httpreport.logging.EventJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Node;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginElement;
import org.apache.logging.log4j.core.config.plugins.PluginFactory;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;
import org.apache.logging.log4j.core.util.KeyValuePair;
import org.jspecify.annotations.Nullable;

/**
 * Layout of one JSON object on one line: {@code timestamp}, {@code level}, {@code logger}, {@code
 * thread}, {@code message} and, where the event has them, {@code mdc}, {@code ndc}, {@code markers}
 * and {@code exception} with {@code type}, {@code message} and {@code stackTrace}. Safe for use by
 * many threads.
 *
 * <pre>{@code
 * <HttpReportJsonLayout>
 *   <KeyValuePair key="service" value="orders"/>
 * </HttpReportJsonLayout>
 * }</pre>
 */
@Plugin(
    name = "HttpReportJsonLayout",
    category = Node.CATEGORY,
    elementType = Layout.ELEMENT_TYPE,
    printObject = true)
public final class JsonLayout extends AbstractStringLayout {

  private final Map<String, String> fields = new LinkedHashMap<>();

  private JsonLayout(KeyValuePair[] pairs) {
    super(StandardCharsets.UTF_8);
    for (KeyValuePair pair : pairs) {
      fields.put(pair.getKey(), pair.getValue());
    }
  }

  /**
   * A layout; for Log4j.
   *
   * @param pairs members of every event
   * @return the layout
   */
  @PluginFactory
  public static JsonLayout create(@PluginElement("Fields") KeyValuePair @Nullable [] pairs) {
    return new JsonLayout(pairs == null ? new KeyValuePair[0] : pairs);
  }

  static JsonLayout createDefault() {
    return create(null);
  }

  @Override
  public String toSerializable(LogEvent event) {
    EventJson json =
        new EventJson()
            .time("timestamp", time(event))
            .text("level", String.valueOf(event.getLevel()))
            .text("logger", event.getLoggerName())
            .text("thread", event.getThreadName())
            .text("message", event.getMessage().getFormattedMessage())
            .all(fields)
            .object("mdc", event.getContextData().toMap())
            .array("ndc", event.getContextStack().asList())
            .array("markers", markers(event.getMarker()));
    Throwable thrown = event.getThrown();
    if (thrown != null) {
      json.exception(thrown.getClass().getName(), thrown.getMessage(), stackTrace(thrown));
    }
    return json.end() + '\n';
  }

  @Override
  public String getContentType() {
    return "application/json";
  }

  private static Instant time(LogEvent event) {
    return Instant.ofEpochSecond(
        event.getInstant().getEpochSecond(), event.getInstant().getNanoOfSecond());
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static List<String> markers(@Nullable Marker marker) {
    List<String> names = new ArrayList<>();
    if (marker != null) {
      add(marker, names);
    }
    return names;
  }

  private static void add(Marker marker, List<String> names) {
    if (names.contains(marker.getName())) {
      return;
    }
    names.add(marker.getName());
    if (marker.hasParents()) {
      for (Marker parent : marker.getParents()) {
        add(parent, names);
      }
    }
  }
}
