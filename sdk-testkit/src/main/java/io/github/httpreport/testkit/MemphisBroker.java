package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The broker behind a gateway: takes messages one by one, or says why not. */
final class MemphisBroker {

  /** The words that a violation of the schema begins with. */
  static final String SCHEMA_VIOLATION = "Schema validation has failed";

  private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]{1,128}");
  private static final Pattern EDGES = Pattern.compile("[a-z0-9](.*[a-z0-9])?");

  /** What a client of the broker puts before the headers of a message, and behind them. */
  private static final int HEADERS_FRAME = "NATS/1.0\r\n\r\n".length();

  private static final int HEADER_FRAME = ": \r\n".length();

  private record Failure(int messagesBefore, String error) {}

  private final int maxMessageBytes;
  private final Store<MemphisMessage> stored;
  private final Map<String, Predicate<String>> schemas = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();

  private final Duration stationSetUp;
  private final Pause pause = new Pause();
  private final Map<String, Boolean> stations = new ConcurrentHashMap<>();

  MemphisBroker(int maxMessageBytes, Duration stationSetUp, Store<MemphisMessage> stored) {
    this.maxMessageBytes = maxMessageBytes;
    this.stationSetUp = stationSetUp;
    this.stored = stored;
  }

  void schema(String station, Predicate<String> valid) {
    schemas.put(station, valid);
  }

  void failAfter(int messages, String error) {
    failure.set(new Failure(messages, error));
  }

  /** Makes the station unless it is there, or returns the error. */
  @Nullable String open(String station) {
    if (!NAME.matcher(station).matches()) {
      return "Only alphanumeric and the '_', '-', '.' characters are allowed in Station";
    }
    if (!EDGES.matcher(station).matches()) {
      return "Station name can not start or end with non alphanumeric character";
    }
    Boolean made = stations.putIfAbsent(station, false);
    if (made != null) {
      return made ? null : "Station" + station + " already exists";
    }
    try {
      pause.await(stationSetUp);
    } catch (IOException e) {
      Thread.currentThread().interrupt();
    }
    stations.put(station, true);
    return null;
  }

  /** Stores a message, or returns the error. */
  @Nullable String take(MemphisMessage message) {
    if (size(message) > maxMessageBytes) {
      return "memphis: maximum payload exceeded";
    }
    if (!schemas.getOrDefault(message.station(), any -> true).test(message.body())) {
      return SCHEMA_VIOLATION + ": not valid: " + message.body();
    }
    Failure due = failure.getAndUpdate(MemphisBroker::oneLess);
    return due != null && due.messagesBefore() == 0 ? due.error() : store(message);
  }

  /** With the headers of its request, which travel with it. */
  private static int size(MemphisMessage message) {
    int size = HEADERS_FRAME + message.body().getBytes(UTF_8).length;
    for (Map.Entry<String, String> header : message.headers().entrySet()) {
      size += header.getKey().length() + header.getValue().length() + HEADER_FRAME;
    }
    return size;
  }

  private static @Nullable Failure oneLess(@Nullable Failure before) {
    return before == null || before.messagesBefore() == 0
        ? null
        : new Failure(before.messagesBefore() - 1, before.error());
  }

  private @Nullable String store(MemphisMessage message) {
    try {
      stored.add(List.of(message));
      return null;
    } catch (RuntimeException e) {
      return "memphis: no responders available for request";
    }
  }
}
