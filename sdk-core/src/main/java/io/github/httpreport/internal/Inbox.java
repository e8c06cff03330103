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

  /** Where messages belong, if the server has such a place. */
  Destination destination(String groupId, String streamId) {
    Destination destination = new Destination(groupId, streamId);
    protocol.check(destination);
    return destination;
  }

  /** The bodies as messages, copied: the caller may change the list as soon as the call returns. */
  List<Message> check(List<String> bodies) {
    requireSome(bodies, "bodies");
    List<Message> messages = new ArrayList<>(bodies.size());
    for (String body : bodies) {
      messages.add(check(body, "body " + messages.size()));
    }
    return messages;
  }

  /** The same for messages that may have keys. */
  List<Message> checkMessages(List<Message> messages) {
    requireSome(messages, "messages");
    List<Message> copy = new ArrayList<>(messages.size());
    for (Message message : messages) {
      copy.add(check(message, "message " + copy.size(), "body " + copy.size()));
    }
    return copy;
  }

  Message check(String body) {
    return check(body, "body");
  }

  Message check(@Nullable Message message) {
    return check(message, "message", "body");
  }

  private Message check(@Nullable Message message, String messageName, String bodyName) {
    if (message == null) {
      throw new IllegalArgumentException(messageName + " must not be null");
    }
    requireBody(message.body(), bodyName);
    return requireTaken(message, bodyName);
  }

  private Message check(String body, String name) {
    requireBody(body, name);
    return requireTaken(Message.of(body), name);
  }

  private static void requireBody(@Nullable String body, String name) {
    if (body == null) {
      throw new IllegalArgumentException(name + " must not be null");
    }
  }

  private static void requireSome(@Nullable List<?> list, String name) {
    if (list == null || list.isEmpty()) {
      throw new IllegalArgumentException(
          name + " must not be " + (list == null ? "null" : "empty"));
    }
  }

  private Message requireTaken(Message message, String name) {
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
