package io.github.httpreport.internal;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.batch.MemoryBudget;
import io.github.httpreport.internal.batch.RequestSizeLimits;
import io.github.httpreport.internal.concurrent.CallbackExecutor;
import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.delivery.AckHistory;
import io.github.httpreport.internal.delivery.DeliveryContext;
import io.github.httpreport.internal.delivery.FirstRequests;
import io.github.httpreport.internal.delivery.RetrySchedule;
import io.github.httpreport.internal.delivery.UndeliveredHandler;
import io.github.httpreport.internal.dns.HostNames;
import io.github.httpreport.internal.dns.NameLookups;
import io.github.httpreport.internal.node.NodeDirectory;
import io.github.httpreport.internal.node.NodeProbe;
import io.github.httpreport.internal.node.NodeTable;
import io.github.httpreport.internal.node.Snapshots;
import io.github.httpreport.internal.share.GroupShares;
import io.github.httpreport.internal.spool.RecoveringSpool;
import io.github.httpreport.internal.spool.SenderSpool;
import io.github.httpreport.internal.spool.SpoolDrainer;
import io.github.httpreport.internal.spool.SpoolIntake;
import io.github.httpreport.internal.spool.SpoolWorker;
import io.github.httpreport.internal.transport.HttpTransport;
import io.github.httpreport.internal.transport.Transport;
import io.github.httpreport.internal.transport.TransportSettings;
import io.github.httpreport.spool.SpoolSettings;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Assembly of a sender's parts: connects the rooms, and knows the few constants that two rooms
 * share.
 *
 * <p>Does no I/O and starts no thread. The order matters in one place: the spool takes undelivered
 * batches over, so it is built before the context of the deliveries, and its drainer, which
 * delivers, after it.
 */
final class EngineFactory {

  /**
   * Attempts for a batch from the spool while its group has not shown that it accepts messages:
   * one, and one more that may go to another node.
   */
  private static final int HALF_OPEN_ATTEMPTS = 2;

  private EngineFactory() {}

  /**
   * Connects what all deliveries of the sender share. Deliveries of this context fail what they
   * give up; {@link DeliveryContext#withUndelivered} makes the one that leaves it to a spool.
   *
   * @param saving runs the file work for saved node lists, which may block
   */
  static DeliveryContext context(
      SenderSettings settings,
      Transport transport,
      GroupShares groups,
      Scheduler scheduler,
      Executor saving,
      SenderMetrics metrics) {
    DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    NodeTable table =
        new NodeTable(
            settings.selector(),
            new NodeProbe(settings.protocol(), transport),
            scheduler,
            metrics,
            random);
    NodeDirectory directory =
        new NodeDirectory(
            settings.nodeSource(),
            transport,
            table,
            new Snapshots(settings.snapshots(), saving),
            scheduler,
            random);
    return new DeliveryContext(
        settings.protocol(),
        directory,
        table,
        new RequestSizeLimits(settings.protocol(), directory::maxRequestBytes, scheduler),
        new AckHistory(scheduler),
        groups,
        new FirstRequests(),
        transport,
        settings.retry(),
        new RetrySchedule(settings.name(), settings.retry(), random),
        scheduler,
        random,
        metrics,
        UndeliveredHandler.NOWHERE);
  }

  /**
   * The store of the spool behind its recovery. {@code SpoolWorker.start} opens it, so a directory
   * that is in use by another sender fails the build of this one.
   */
  static RecoveringSpool disk(
      SenderSettings settings,
      SpoolSettings spool,
      RecoveringSpool.Opener opener,
      IncompleteBatches batches,
      Scheduler scheduler,
      SenderMetrics metrics) {
    return new RecoveringSpool(
        spool, opener, settings.protocol().payloadFormat(), batches, scheduler, metrics);
  }

  /** The thread of the spool, which starts with its first task, and the way of batches into it. */
  static SenderSpool spool(
      SenderSettings settings,
      SpoolSettings spool,
      RecoveringSpool disk,
      Scheduler scheduler,
      SenderMetrics metrics) {
    SpoolWorker worker =
        new SpoolWorker(
            DaemonThreadFactory.named(settings.name() + "-spool"), spool, disk, scheduler);
    return new SenderSpool(
        new SpoolIntake(worker, settings.protocol(), metrics), worker, spool.writeAhead());
  }

  /**
   * Delivery of stored batches, on the context of the others but with fewer attempts for a group
   * that is new or failing. Stored batches take no memory of {@code budget}: the drainer has a
   * bound of its own.
   *
   * @param wake signals the spool's thread
   */
  static SpoolDrainer drainer(
      SenderSettings settings,
      SpoolSettings spool,
      RecoveringSpool disk,
      DeliveryContext context,
      MemoryBudget budget,
      Runnable wake) {
    return new SpoolDrainer(
        disk,
        context,
        new RetrySchedule(settings.name(), halfOpen(settings.retry()), context.random()),
        budget,
        settings.maxInFlight(),
        spool.maxAge(),
        wake);
  }

  /** Few attempts, one of them perhaps at another node: the spool itself tries again. */
  private static RetryPolicy halfOpen(RetryPolicy policy) {
    return RetryPolicy.builder()
        .maxAttempts(Math.min(policy.maxAttempts(), HALF_OPEN_ATTEMPTS))
        .backoff(policy.initialBackoff(), policy.maxBackoff())
        .build();
  }

  /**
   * The transport on real sockets. Names are looked up on threads of their own, because a resolver
   * that hangs must hold up neither callbacks nor the I/O thread.
   */
  static Transport transport(
      SenderSettings settings, Scheduler scheduler, CallbackExecutor callbacks) {
    TransportSettings transport =
        new TransportSettings(
            settings.name(),
            settings.connectTimeout(),
            settings.requestTimeout(),
            settings.tls(),
            settings.proxy());
    HostNames names = new NameLookups(settings.name());
    return new HttpTransport(transport, scheduler, names);
  }
}
