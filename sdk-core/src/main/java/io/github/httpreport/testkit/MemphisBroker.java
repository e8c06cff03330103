package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

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

  private record Failure(int messagesBefore, String error) {}

  private final int maxMessageBytes;
  private final Store<MemphisMessage> stored;
  private final Map<String, Predicate<String>> schemas = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();

  MemphisBroker(int maxMessageBytes, Store<MemphisMessage> stored) {
    this.maxMessageBytes = maxMessageBytes;
    this.stored = stored;
  }

  void schema(String station, Predicate<String> valid) {
    schemas.put(station, valid);
  }

  void failAfter(int messages, String error) {
    failure.set(new Failure(messages, error));
  }

  /** Stores a message, or tells the error. */
  @Nullable String take(MemphisMessage message) {
    if (!NAME.matcher(message.station()).matches()) {
      return "memphis: Only alphanumeric and the '_', '-', '.' characters are allowed in station";
    }
    if (message.body().getBytes(UTF_8).length > maxMessageBytes) {
      return "nats: maximum payload exceeded";
    }
    if (!schemas.getOrDefault(message.station(), any -> true).test(message.body())) {
      return SCHEMA_VIOLATION + ": not valid: " + message.body();
    }
    Failure due = failure.getAndUpdate(MemphisBroker::oneLess);
    return due != null && due.messagesBefore() == 0 ? due.error() : store(message);
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
