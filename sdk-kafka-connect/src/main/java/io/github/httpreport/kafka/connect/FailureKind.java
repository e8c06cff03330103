package io.github.httpreport.kafka.connect;

import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.SendException;

/** What a delivery that failed means for its record. */
enum FailureKind {
  /** May succeed later: the record is sent again. */
  TEMPORARY,
  /** The servers refuse the content of a request, and perhaps not this record of it. */
  REFUSED_REQUEST,
  /** The servers refuse the record, its stream or its group for good. */
  REFUSED,
  /** Nothing that another record would not meet as well, such as wrong credentials. */
  FATAL;

  static FailureKind of(Throwable failure) {
    if (failure instanceof SendException e && e.retryable()) {
      return TEMPORARY;
    }
    if (failure instanceof RejectedException e) {
      return e.isContentAtFault() ? REFUSED_REQUEST : REFUSED;
    }
    return failure instanceof MessageTooLargeException
            || failure instanceof NoNodeAvailableException
        ? REFUSED
        : FATAL;
  }
}
