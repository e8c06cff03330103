package io.github.httpreport.internal;

import io.github.httpreport.SenderStatus;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.batch.MemoryBudget;
import io.github.httpreport.internal.delivery.DeliveryContext;
import io.github.httpreport.internal.share.GroupShare;
import io.github.httpreport.internal.spool.SpoolWorker;
import io.github.httpreport.internal.telemetry.StatusRecorder;
import io.github.httpreport.spool.SpoolSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reader of a sender's status. Any thread reads, without I/O and without a lock that covers more
 * than one group; the cost grows with the number of nodes and groups.
 *
 * <p>A group fails while messages of it wait, and for a minute after its last attempt. Without that
 * limit an application that is taken out of service for a failing group, and so sends nothing,
 * would never learn that the group may be tried again.
 */
final class StatusReader {

  /**
   * How long a failing group counts as failing after its last attempt, unless messages of it wait.
   */
  private static final Duration FAILURE_COUNTS_FOR = Duration.ofMinutes(1);

  private final MemoryBudget buffer;
  private final IncompleteBatches batches;
  private final DeliveryContext context;
  private final StatusRecorder recorder;
  private final @Nullable SpoolSettings spool;
  private final @Nullable SpoolWorker worker;

  StatusReader(
      MemoryBudget buffer,
      IncompleteBatches batches,
      DeliveryContext context,
      StatusRecorder recorder,
      @Nullable SpoolSettings spool,
      @Nullable SpoolWorker worker) {
    this.buffer = buffer;
    this.batches = batches;
    this.context = context;
    this.recorder = recorder;
    this.spool = spool;
    this.worker = worker;
  }

  /**
   * Reads the parts one after the other, so two numbers of one status may be of moments that differ
   * by the time of the call. Each number by itself was true at its moment.
   */
  SenderStatus read() {
    SenderStatus.Builder status = SenderStatus.builder().closed(batches.isClosed());
    context.table().addNodes(status);
    addGroups(status);
    status.buffer(buffer.used(), buffer.maxBytes());
    recorder.addLastSuccess(status);
    if (spool != null && worker != null) {
      recorder.addSpool(status, spool.maxBytes());
      status.spoolFull(worker.isFull());
    }
    return status.build();
  }

  private void addGroups(SenderStatus.Builder status) {
    int inUse = 0;
    int failing = 0;
    for (String groupId : context.directory().groupIds()) {
      inUse++;
      failing += isFailing(groupId) ? 1 : 0;
    }
    status.groups(inUse, failing);
  }

  /**
   * Whether the group gets nothing through: its nodes are unknown, or its requests fail. While
   * messages wait, the age of the failure does not matter, because another attempt will come.
   */
  private boolean isFailing(String groupId) {
    GroupShare share = context.groups().known(groupId);
    boolean waits = share != null && share.bufferedBytes() > 0;
    return context.directory().hasFailed(groupId, waits ? null : FAILURE_COUNTS_FOR)
        || (share != null && share.isFailing() && (waits || wasUsedLately(share)));
  }

  private boolean wasUsedLately(GroupShare share) {
    return !share.isUnusedSince(context.scheduler().nanoTime() - FAILURE_COUNTS_FOR.toNanos());
  }
}
