package io.github.httpreport.internal.delivery;

import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.batch.MessageRange;
import io.github.httpreport.protocol.Payload;

/**
 * Handler of messages that a delivery gives up, such as the spool. A delivery calls it once for a
 * failure, on the thread of its last step; a handler that takes the messages over owns their end.
 */
public interface UndeliveredHandler {

  /** A handler that takes nothing over, so the messages fail. */
  UndeliveredHandler NOWHERE = (payload, completion, range, error) -> false;

  /**
   * Takes messages over, and ends them in their completion later.
   *
   * @param error why they are given up
   * @return false if the delivery has to fail the messages itself
   */
  boolean take(
      Payload payload, BatchCompletion completion, MessageRange range, SendException error);

  /** Notes that a node accepted messages of a group, so that others of it may be tried again. */
  default void delivered(String groupId) {}
}
