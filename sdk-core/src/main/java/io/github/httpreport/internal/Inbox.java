package io.github.httpreport.internal;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.protocol.WireProtocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks what the application hands in, before anything is accepted. */
final class Inbox {

  private final WireProtocol protocol;

  Inbox(WireProtocol protocol) {
    this.protocol = protocol;
  }

  /** The bodies as messages, copied: the caller may change the list as soon as the call returns. */
  List<Message> check(@Nullable List<String> bodies) {
    if (bodies == null || bodies.isEmpty()) {
      throw new IllegalArgumentException(
          "bodies must not be " + (bodies == null ? "null" : "empty"));
    }
    List<Message> messages = new ArrayList<>(bodies.size());
    for (String body : bodies) {
      messages.add(check(body, "body " + messages.size()));
    }
    return messages;
  }

  Message check(@Nullable String body) {
    return check(body, "body");
  }

  private Message check(@Nullable String body, String name) {
    if (body == null) {
      throw new IllegalArgumentException(name + " must not be null");
    }
    Message message = Message.of(body);
    try {
      protocol.check(message);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ' ' + e.getMessage(), e);
    }
    return message;
  }

  /** The encoded size of a batch, each message of which is within the limit. */
  long sizeOf(Destination destination, List<Message> messages, long maxBytes) {
    long overhead = protocol.overheadOf(destination);
    long total = overhead;
    for (int i = 0; i < messages.size(); i++) {
      long bytes = protocol.sizeOf(messages.get(i));
      requireFits("body " + i, bytes + overhead, maxBytes);
      total += bytes;
    }
    return total;
  }

  void requireFits(Destination destination, long bytes, long maxBytes) {
    requireFits("body", bytes + protocol.overheadOf(destination), maxBytes);
  }

  private static void requireFits(String name, long bytes, long maxBytes) {
    if (bytes > maxBytes) {
      throw new MessageTooLargeException(
          FailureDetails.beforeSending(
              name
                  + " alone makes a request of "
                  + bytes
                  + " bytes, encoded; the server takes "
                  + maxBytes,
              false));
    }
  }
}
