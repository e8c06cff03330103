package io.github.httpreport.internal.delivery;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.internal.batch.RequestSizeLimits;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.node.NodeDirectory;
import io.github.httpreport.internal.node.NodeTable;
import io.github.httpreport.internal.share.GroupShares;
import io.github.httpreport.internal.transport.Transport;
import io.github.httpreport.protocol.WireProtocol;
import java.util.function.DoubleSupplier;

/**
 * Context of all deliveries of a sender: the objects that they share. Each of them is safe for use
 * by many threads; what belongs to one delivery is in {@link Delivery} alone.
 *
 * @param protocol encodes, authenticates and classifies
 * @param directory the nodes of each group
 * @param table the health of the nodes, and the selection
 * @param limits what one request may carry
 * @param acks what destinations acknowledged lately
 * @param groups places in flight and retry budgets
 * @param firstRequests the order of requests that set something up at the server
 * @param transport runs one exchange
 * @param policy deadline and unknown outcomes; attempts and back-offs are in {@code retries}
 * @param retries attempts and back-offs
 * @param scheduler time and waits
 * @param random chance for jitter, from 0 to 1
 * @param metrics guarded against what they throw
 * @param undelivered takes over what a delivery gives up
 */
public record DeliveryContext(
    WireProtocol protocol,
    NodeDirectory directory,
    NodeTable table,
    RequestSizeLimits limits,
    AckHistory acks,
    GroupShares groups,
    FirstRequests firstRequests,
    Transport transport,
    RetryPolicy policy,
    RetrySchedule retries,
    Scheduler scheduler,
    DoubleSupplier random,
    SenderMetrics metrics,
    UndeliveredHandler undelivered) {

  /** The same context with another handler for undelivered messages. */
  public DeliveryContext withUndelivered(UndeliveredHandler other) {
    return with(retries, other);
  }

  /** The same context with other attempts and back-offs. */
  public DeliveryContext withRetries(RetrySchedule other) {
    return with(other, undelivered);
  }

  private DeliveryContext with(RetrySchedule otherRetries, UndeliveredHandler otherUndelivered) {
    return new DeliveryContext(
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
        scheduler,
        random,
        metrics,
        otherUndelivered);
  }
}
