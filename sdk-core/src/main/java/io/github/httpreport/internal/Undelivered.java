package io.github.httpreport.internal;

import io.github.httpreport.error.SendException;
import io.github.httpreport.protocol.Payload;

/** Where messages may go that a delivery gives up. */
interface Undelivered {

  /** Nowhere: they fail. */
  Undelivered NOWHERE = (payload, receipt, piece, error) -> false;

  /**
   * Takes messages over, and tells their receipt in due time.
   *
   * @param error why they are given up
   * @return false if the delivery is to tell the error itself
   */
  boolean take(Payload payload, Receipt receipt, Receipt.Piece piece, SendException error);
}
