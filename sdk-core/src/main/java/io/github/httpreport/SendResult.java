package io.github.httpreport;

import java.util.List;

/**
 * A delivery that the server acknowledged, or that is on disk. What the acknowledgement promises is
 * the server's to say: an InLong DataProxy's code 0 means "in the memory queue of that node".
 *
 * @param node the node that took the messages, as {@code host:port}; the last one when the batch
 *     had to be split; empty when they are on disk
 * @param messageCount how many messages the acknowledged batch held: for {@link
 *     ProxySender#enqueue(String, String, String) enqueue} those that travelled together
 * @param attempts every request made for the batch so far, in order, the accepted one last
 * @param possibleDuplicate whether an earlier attempt may have been stored as well
 * @param spooled whether the messages, or some of a batch that was split, are on this machine's
 *     disk and not yet on the server: they outlive the process and are delivered later
 * @param messageIds the server's own id of each message, in the order of the call, where the server
 *     names them, as Tencent CKafka DataHub does; for {@code enqueue} that of the one message;
 *     empty otherwise
 */
public record SendResult(
    String node,
    int messageCount,
    List<Attempt> attempts,
    boolean possibleDuplicate,
    boolean spooled,
    List<String> messageIds) {

  /** Takes copies of the lists. */
  public SendResult {
    attempts = List.copyOf(attempts);
    messageIds = List.copyOf(messageIds);
  }
}
