package io.github.httpreport.internal;

import io.github.httpreport.Destination;
import io.github.httpreport.protocol.WireProtocol;
import java.util.Map;
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
    return Math.min(maxBytes(destination), learned.getOrDefault(destination, Long.MAX_VALUE));
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
}
