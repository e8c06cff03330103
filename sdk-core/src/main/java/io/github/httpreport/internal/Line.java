package io.github.httpreport.internal;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.protocol.WireProtocol;
import java.util.function.DoubleSupplier;

/** What every delivery of a sender works with. */
record Line(
    WireProtocol protocol,
    NodeDirectory directory,
    NodeTable table,
    Limits limits,
    AckHistory acks,
    GroupShares groups,
    FirstRequests firstRequests,
    Transport transport,
    RetryPolicy policy,
    Retries retries,
    Timer timer,
    DoubleSupplier random,
    SenderMetrics metrics,
    Undelivered undelivered) {

  /** The same line with another place for what it cannot deliver. */
  Line withUndelivered(Undelivered other) {
    return with(retries, other);
  }

  /** The same line with another number of attempts, or other waits between them. */
  Line withRetries(Retries other) {
    return with(other, undelivered);
  }

  private Line with(Retries otherRetries, Undelivered otherUndelivered) {
    return new Line(
        protocol,
        directory,
        table,
        limits,
        acks,
        groups,
        firstRequests,
        transport,
        policy,
        otherRetries,
        timer,
        random,
        metrics,
        otherUndelivered);
  }
}
