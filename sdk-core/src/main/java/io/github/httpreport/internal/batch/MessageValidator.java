package io.github.httpreport.internal.batch;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.common.Checks;
import io.github.httpreport.error.FailureDetails;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.protocol.WireProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks of messages before anything is accepted: arguments by their index, content by the
 * protocol, sizes by the limit of the cluster.
 *
 * <p>All messages of a call are checked before the first one takes memory, so a call is refused as
 * a whole and names the first message that is at fault. Wrong arguments throw {@link
 * IllegalArgumentException}, since the caller can correct them; a size that only the cluster
 * decides throws {@link MessageTooLargeException}. Immutable; runs on the threads of callers.
 */
public final class MessageValidator {

  /** The index of a message that is not one of several. */
  private static final int ALONE = -1;

  private final WireProtocol protocol;

  public MessageValidator(WireProtocol protocol) {
    this.protocol = protocol;
  }

  /** The destination, if the server can have it. */
  public Destination destination(String groupId, String streamId) {
    Destination destination = new Destination(groupId, streamId);
    protocol.validate(destination);
    return destination;
  }

  /** Checks that the server has such a place. */
  public void requireKnown(@Nullable Destination destination) {
    protocol.validate(Checks.notNull(destination, "destination"));
  }

  /** The bodies as messages, copied: the caller may change the list as soon as the call returns. */
  public List<Message> check(List<String> bodies) {
    requireSome(bodies, "bodies");
    MessageList messages = MessageList.of(bodies);
    for (int i = 0; i < messages.size(); i++) {
      check(messages.get(i), i);
    }
    return messages;
  }

  /** The same for messages that may have keys. */
  public List<Message> checkMessages(List<Message> messages) {
    requireSome(messages, "messages");
    MessageList copy = new MessageList(messages.size());
    for (Message message : messages) {
      copy.add(check(message, copy.size()));
    }
    return copy;
  }

  public Message check(String body) {
    return check(body, ALONE);
  }

  public Message check(Message message) {
    return check(message, ALONE);
  }

  /**
   * Checks a message and its body.
   *
   * @param index its place in the call; {@link #ALONE} for a message that came by itself
   */
  private Message check(@Nullable Message message, int index) {
    if (message == null) {
      throw new IllegalArgumentException(name("message", index) + " must not be null");
    }
    requireBody(message.body(), index);
    return requireTaken(message, index);
  }

  private Message check(String body, int index) {
    requireBody(body, index);
    return requireTaken(Message.of(body), index);
  }

  private static void requireBody(@Nullable String body, int index) {
    if (body == null) {
      throw new IllegalArgumentException(name("body", index) + " must not be null");
    }
  }

  private static void requireSome(@Nullable List<?> list, String name) {
    if (list == null || list.isEmpty()) {
      throw new IllegalArgumentException(
          name + " must not be " + (list == null ? "null" : "empty"));
    }
  }

  /** Asks the protocol, whose text says only what is wrong; this puts in front which body it is. */
  private Message requireTaken(Message message, int index) {
    try {
      protocol.validate(message);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name("body", index) + ' ' + e.getMessage(), e);
    }
    return message;
  }

  private static String name(String what, int index) {
    return index == ALONE ? what : what + ' ' + index;
  }

  /**
   * The size of a request with all messages, in bytes, encoded.
   *
   * @param maxBytes what one request may have; each message must fit by itself, since a batch can
   *     be split and a message cannot
   * @throws MessageTooLargeException for the first message that does not
   */
  public long sizeOf(Destination destination, List<Message> messages, long maxBytes) {
    long overhead = protocol.overheadOf(destination);
    long total = overhead;
    for (int i = 0; i < messages.size(); i++) {
      long bytes = protocol.sizeOf(messages.get(i));
      requireFits(i, bytes + overhead, maxBytes);
      total += bytes;
    }
    return total;
  }

  /**
   * Refuses a message that no request can carry.
   *
   * @param bytes the encoded size of the message alone
   * @param maxBytes what one request may have, with its overhead
   */
  public void requireFits(Destination destination, long bytes, long maxBytes) {
    requireFits(ALONE, bytes + protocol.overheadOf(destination), maxBytes);
  }

  private static void requireFits(int index, long bytes, long maxBytes) {
    if (bytes > maxBytes) {
      throw new MessageTooLargeException(
          FailureDetails.builder(
                  name("body", index)
                      + " alone makes a request of "
                      + bytes
                      + " bytes, encoded; the server takes "
                      + maxBytes)
              .build());
    }
  }
}
