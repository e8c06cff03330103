package io.github.httpreport.internal;

import io.github.httpreport.Destination;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.WireProtocol;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How large a request may be: by the protocol, by the cluster, and by what was refused before. */
final class Limits {

  private static final Logger LOG = LoggerFactory.getLogger(Limits.class);

  private final WireProtocol protocol;
  private final NodeDirectory directory;
  private final Map<Destination, Long> learned = new ConcurrentHashMap<>();

  Limits(WireProtocol protocol, NodeDirectory directory) {
    this.protocol = protocol;
    this.directory = directory;
  }

  int maxMessages() {
    return protocol.maxBatchMessages();
  }

  /** What no request may exceed, in bytes, as far as is known now. */
  long maxBytes(Destination destination) {
    GroupNodes nodes = directory.known(destination.groupId());
    return protocol.maxBatchBytes(nodes == null ? OptionalLong.empty() : nodes.maxRequestBytes());
  }

  /** What a request of several messages should not exceed, in bytes, by experience. */
  long maxBatchBytes(Destination destination) {
    Long known = learned.get(destination);
    long maxBytes = maxBytes(destination);
    return known == null ? maxBytes : Math.min(maxBytes, known);
  }

  /** A request of some size was too large: batches of the destination have so much from now. */
  void refused(Destination destination, int bytes, long instead) {
    Long before = learned.get(destination);
    if (before == null || before > instead) {
      learned.merge(destination, instead, Math::min);
      LOG.info(
          "{} takes less than {} bytes: batches are limited to {}", destination, bytes, instead);
    }
  }

  /** Whether a request may be sent as it is. */
  boolean fits(Payload payload) {
    int messages = payload.messageCount();
    Destination destination = payload.destination();
    return messages <= maxMessages()
        && payload.size() <= maxBytes(destination)
        // What was refused before says nothing of a message that cannot be split any more.
        && (messages == 1 || payload.size() <= maxBatchBytes(destination));
  }

  /** The first message that fits into no request, if there is one. */
  Optional<Integer> firstTooLarge(Payload payload) {
    long maxBytes = maxBytes(payload.destination());
    int last = payload.messageCount() - 1;
    int around = payload.size() - (payload.messageEnd(last) - payload.messageStart(0, 0));
    for (int i = 0; i <= last; i++) {
      int size = payload.messageEnd(i) - payload.messageStart(i, 0);
      // The first sum counts a separator too many, so what it suspects is measured.
      if (size + around > maxBytes && protocol.slice(payload, i, i + 1).size() > maxBytes) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }
}
