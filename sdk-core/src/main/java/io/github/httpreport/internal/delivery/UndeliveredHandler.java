package io.github.httpreport.internal.delivery;

import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.protocol.Payload;

/** Where messages may go that a delivery gives up. */
public interface UndeliveredHandler {

  /** Nowhere: they fail. */
  UndeliveredHandler NOWHERE = (payload, receipt, piece, error) -> false;

  /**
   * Takes messages over, and tells their receipt in due time.
   *
   * @param error why they are given up
   * @return false if the delivery is to tell the error itself
   */
  boolean take(
      Payload payload, BatchCompletion receipt, BatchCompletion.Piece piece, SendException error);
}
