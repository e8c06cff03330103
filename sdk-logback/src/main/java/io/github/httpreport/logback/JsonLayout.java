package io.github.httpreport.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import io.github.httpreport.logging.EventJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/**
 * Layout of one JSON object on one line: {@code timestamp}, {@code level}, {@code logger}, {@code
 * thread}, {@code message} and, where the event has them, {@code mdc}, {@code keyValues}, {@code
 * markers} and {@code exception} with {@code type}, {@code message} and {@code stackTrace}. Safe
 * for use by many threads once it is configured.
 */
public final class JsonLayout extends LayoutBase<ILoggingEvent> {

  private final Map<String, String> fields = new LinkedHashMap<>();

  /** A layout without members of its own. */
  public JsonLayout() {}

  /**
   * Adds a member to every event, such as {@code service=orders}. May be called again.
   *
   * @param field a name, {@code =}, and its value
   */
  public void addField(String field) {
    int equals = field.indexOf('=');
    if (equals < 1) {
      addError("field must be name=value, but is '" + field + '\'');
      return;
    }
    fields.put(field.substring(0, equals).strip(), field.substring(equals + 1).strip());
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    EventJson json =
        new EventJson()
            .time("timestamp", event.getInstant())
            .text("level", String.valueOf(event.getLevel()))
            .text("logger", event.getLoggerName())
            .text("thread", event.getThreadName())
            .text("message", event.getFormattedMessage())
            .all(fields)
            .object("mdc", event.getMDCPropertyMap())
            .object("keyValues", keyValues(event.getKeyValuePairs()))
            .array("markers", markers(event.getMarkerList()));
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      String stackTrace = ThrowableProxyUtil.asString(thrown);
      json.exception(thrown.getClassName(), thrown.getMessage(), stackTrace);
    }
    return json.end() + '\n';
  }

  @Override
  public String getContentType() {
    return "application/json";
  }

  private static Map<String, @Nullable Object> keyValues(@Nullable List<KeyValuePair> pairs) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    if (pairs != null) {
      pairs.forEach(pair -> values.put(pair.key, pair.value));
    }
    return values;
  }

  private static List<String> markers(@Nullable List<Marker> markers) {
    return markers == null ? List.of() : markers.stream().map(Marker::getName).toList();
  }
}
