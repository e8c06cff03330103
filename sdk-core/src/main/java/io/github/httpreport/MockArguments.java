package io.github.httpreport;

import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.SendException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;

/** Checks of the arguments of {@link MockProxySender}: what the real sender refuses for InLong. */
final class MockArguments {

  private static final int MAX_REQUEST_BYTES = 524_288;

  private MockArguments() {}

  static void requireKnown(@Nullable Destination destination) {
    if (destination == null) {
      throw new IllegalArgumentException("destination must not be null");
    }
    requireUtf8(destination.groupId(), "groupId");
    requireUtf8(destination.streamId(), "streamId");
  }

  private static void requireUtf8(String text, String name) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          name + " holds half a surrogate pair, which UTF-8 cannot carry");
    }
  }

  static void requireMillis(@Nullable Instant dataTime) {
    try {
      if (dataTime != null) {
        var unused = dataTime.toEpochMilli();
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("dataTime is out of range: " + dataTime, e);
    }
  }

  static void requireSome(@Nullable List<?> list, String name) {
    if (list == null || list.isEmpty()) {
      throw new IllegalArgumentException(
          name + " must not be " + (list == null ? "null" : "empty"));
    }
  }

  static void requireMessage(
      @Nullable Message message, String messageName, String bodyName, boolean acceptsKeys) {
    if (message == null) {
      throw new IllegalArgumentException(messageName + " must not be null");
    }
    requireBody(message.body(), bodyName);
    if (message.key() != null && !acceptsKeys) {
      throw new IllegalArgumentException(bodyName + " has a key, which InLong has no place for");
    }
  }

  static void requireBody(@Nullable String body, String name) {
    if (StringUtils.isBlank(body)) {
      throw new IllegalArgumentException(
          name + " must not be " + (body == null ? "null" : "blank"));
    }
    if (body.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(
          name + " must not hold a newline: the server would make two messages of it");
    }
    requireUtf8(body, name);
  }

  /** The first message that makes a request which no node takes, as the real sender finds it. */
  static Optional<SendException> tooLarge(List<Message> messages) {
    for (Message message : messages) {
      long bytes = URLEncoder.encode(message.body(), StandardCharsets.UTF_8).length();
      if (bytes > MAX_REQUEST_BYTES) {
        String why =
            "a body alone makes a request of "
                + bytes
                + " bytes, encoded; the server takes "
                + MAX_REQUEST_BYTES;
        return Optional.of(new MessageTooLargeException(FailureDetails.builder(why).build()));
      }
    }
    return Optional.empty();
  }

  static long bytesOf(List<Message> messages) {
    return messages.stream()
        .mapToLong(message -> message.body().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }
}
