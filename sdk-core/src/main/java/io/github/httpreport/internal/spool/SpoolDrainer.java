package io.github.httpreport.internal.spool;

import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.batch.MemoryBudget;
import io.github.httpreport.internal.delivery.Delivery;
import io.github.httpreport.internal.delivery.DeliveryContext;
import io.github.httpreport.internal.delivery.RetrySchedule;
import io.github.httpreport.internal.delivery.SendExceptions;
import io.github.httpreport.internal.delivery.UndeliveredHandler;
import io.github.httpreport.internal.node.GroupNodes;
import io.github.httpreport.internal.spool.store.Spool;
import io.github.httpreport.internal.spool.store.SpoolEntry;
import io.github.httpreport.protocol.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Delivers what is in the spool: each group oldest first, all groups side by side. An entry is
 * removed after its acknowledgement and not before.
 *
 * <p>Every group has a cursor of its own ({@link DrainGroup}), a back-off of its own ({@link
 * DrainBackoff}) and a fair share of what may be under way ({@link DrainQueue}), so that a group
 * that takes nothing costs the others one batch now and then. A group is remembered as long as it
 * has entries.
 *
 * <p>A failure leaves the messages on disk until their age ends it. The only exception is a refusal
 * of their own content, and that is believed only when it was repeated while the group took other
 * messages ({@link RefusedContent}).
 *
 * <p>Deliveries end on any thread; they put their receipt into a queue and wake the thread of the
 * spool, which alone does everything else. There is no lock.
 */
public final class SpoolDrainer implements UndeliveredHandler {

  /** What batches from the spool may take in memory, besides the buffer. */
  private static final long MAX_BYTES = 4 << 20;

  private static final int LISTED_AT_ONCE = 4_096;

  private final RecoveringSpool disk;
  private final DeliveryContext line;
  private final DeliveryContext trialLine;
  private final IncompleteBatches nobodys;
  private final SpoolExpiry expiry;
  private final Runnable wake;
  private final DrainBackoff backoff;
  private final DrainQueue queue;
  private final RefusedContent refusedContent;
  private final RefusalLog refusals;
  private final Map<String, DrainGroup> groups = new HashMap<>();

  /** Those that were begun and are not the same as on disk, by id. */
  private final Map<Long, StoredEntry> begun = new HashMap<>();

  private final Set<SpooledBatchCompletion> underWay = new HashSet<>();
  private final Queue<SpooledBatchCompletion> ended = new ConcurrentLinkedQueue<>();
  private final Queue<String> revived = new ConcurrentLinkedQueue<>();
  private boolean stopped;
  private boolean listed;
  private long listedGeneration;
  private long nextToList;

  /**
   * A drain.
   *
   * @param retries those of a group on trial: few, because the spool tries again itself
   * @param wake lets the thread of the spool run
   */
  public SpoolDrainer(
      RecoveringSpool disk,
      DeliveryContext line,
      RetrySchedule retries,
      MemoryBudget room,
      int maxBatches,
      Duration maxAge,
      Runnable wake) {
    this.disk = disk;
    this.line = line.withUndelivered(this);
    trialLine = this.line.withRetries(retries);
    nobodys = new IncompleteBatches(room);
    expiry = new SpoolExpiry(disk, maxAge, line.metrics());
    this.wake = wake;
    backoff = new DrainBackoff(line.timer(), line.random(), wake);
    queue = new DrainQueue(maxBatches, MAX_BYTES);
    refusedContent = new RefusedContent(line.timer(), wake);
    refusals = new RefusalLog(line.timer(), maxAge, disk::messages);
    listedGeneration = disk.generation();
    disk.onAppended(this::appended);
  }

  /** Tries a group again, one of whose batches was acknowledged. From any thread. */
  void groupIsWell(String groupId) {
    backoff.end(groupId);
  }

  /** Tries the groups again that use a node which takes messages again. From any thread. */
  void nodeIsWell(String address) {
    revived.add(address);
    wake.run();
  }

  /** Tries all groups again. Here and below: on the spool's thread. */
  void tryAgain() {
    backoff.endAll(group -> true);
  }

  /** Whether nothing will happen before some time has passed. */
  boolean isStuck() {
    return disk.isBroken() || (listed && queue.isIdle());
  }

  /** Takes note of what happened elsewhere: batches that ended, and waits that are over. */
  void collect() {
    for (SpooledBatchCompletion end = ended.poll(); end != null; end = ended.poll()) {
      underWay.remove(end);
      queue.ended(end.share());
      conclude(end, end.share().group());
    }
    for (String node = revived.poll(); node != null; node = revived.poll()) {
      String address = node;
      backoff.endAll(group -> uses(group, address));
    }
    refusedContent.collect(this::offer);
    backoff.collect(group -> offer(groups.get(group)));
  }

  private boolean uses(String groupId, String address) {
    GroupNodes nodes = line.directory().known(groupId);
    return nodes != null && nodes.all().stream().anyMatch(node -> node.address().equals(address));
  }

  private void conclude(SpooledBatchCompletion receipt, DrainGroup group) {
    StoredEntry entry = begun.get(receipt.portion().id());
    if (entry != null) {
      entry.ended();
      entry.sent(receipt.sent());
      // Judged by what the group acknowledged before, and not by another part of the same batch.
      List<Portion> kept = new ArrayList<>(receipt.kept());
      boolean isDoubtful = judge(receipt, entry, group, kept);
      if (receipt.sent() > 0) {
        group.acknowledged(line.timer().nanoTime());
        refusals.accepted(group.id());
      }
      keep(entry, kept, receipt, group);
      if (!kept.isEmpty() || (isDoubtful && group.refused())) {
        backOff(group);
      }
      if (entry.open() == 0) {
        begun.remove(entry.id());
        disk.remove(entry.id(), entry.sent(), entry.failed());
      }
    }
    offer(group);
  }

  /**
   * Gives up what was refused for its content with certainty, and sets the rest aside.
   *
   * @param kept takes what there is no place for aside
   * @return whether a refusal is doubtful
   */
  private boolean judge(
      SpooledBatchCompletion receipt, StoredEntry entry, DrainGroup group, List<Portion> kept) {
    List<Portion> doubtful = new ArrayList<>(0);
    for (SpooledBatchCompletion.Refused refused : receipt.refused()) {
      Portion portion = receipt.portion().part(refused.piece());
      if (!refusedContent.isFinal(portion, group)) {
        doubtful.add(portion);
      } else if (portion.size() > 1) {
        // Nobody knows which of them is the reason.
        portion.halves().forEach(group::giveBack);
      } else {
        entry.failed(1);
        line.metrics().failed(receipt.destination(), 1, refused.error());
      }
    }
    for (Portion portion : Portion.joined(doubtful)) {
      if (!refusedContent.setAside(group, portion)) {
        kept.add(portion);
      }
    }
    logRefused(group, doubtful, receipt.lastRefused());
    return !doubtful.isEmpty();
  }

  private void keep(
      StoredEntry entry, List<Portion> kept, SpooledBatchCompletion receipt, DrainGroup group) {
    if (!kept.isEmpty() && entry.isUntouched() && receipt.refused().isEmpty()) {
      begun.remove(entry.id());
      group.giveBack(Portion.whole(entry.id()));
    } else {
      Portion.joined(kept).forEach(group::giveBack);
    }
    SendException why = receipt.lastKept();
    if (why != null && !why.retryable()) {
      logRefused(group, kept, why);
    }
  }

  private void logRefused(DrainGroup group, List<Portion> some, @Nullable SendException why) {
    if (!some.isEmpty() && why != null) {
      refusals.refused(group.id(), some.stream().mapToInt(Portion::size).sum(), why);
    }
  }

  private void backOff(DrainGroup group) {
    if (!stopped && !backoff.isWaiting(group.id())) {
      backoff.begin(group.id(), group.failed());
    }
  }

  /** Lets a group have its turn, or forgets it when it has nothing left. */
  private void offer(@Nullable DrainGroup group) {
    if (group == null) {
      return;
    }
    if (group.isDone()) {
      groups.remove(group.id(), group);
      backoff.forget(group.id());
      refusals.forget(group.id());
    } else if (!backoff.isWaiting(group.id())) {
      queue.offer(group);
    }
  }

  private DrainGroup group(String id) {
    return groups.computeIfAbsent(id, DrainGroup::new);
  }

  /** Takes note of an entry that is new on disk. */
  private void appended(long id, String groupId) {
    if (listed && listedGeneration == disk.generation()) {
      DrainGroup group = group(groupId);
      group.add(id);
      offer(group);
    }
  }

  /** How many groups are remembered. */
  int groups() {
    return groups.size();
  }

  /** Finds out what is on disk, some of it at a time, after it was opened or recovered. */
  private void list() {
    if (listedGeneration != disk.generation()) {
      listedGeneration = disk.generation();
      listed = false;
      nextToList = 0;
      groups.values().forEach(DrainGroup::forgetWhole);
    }
    if (!listed) {
      disk.heads(nextToList, LISTED_AT_ONCE).ifPresent(this::listed);
    }
  }

  private void listed(List<Spool.Head> heads) {
    for (Spool.Head head : heads) {
      nextToList = head.id() + 1;
      if (!begun.containsKey(head.id())) {
        DrainGroup group = group(head.groupId());
        group.add(head.id());
        offer(group);
      }
    }
    listed = heads.size() < LISTED_AT_ONCE;
    if (listed) {
      List.copyOf(groups.values()).forEach(this::offer);
    } else {
      wake.run();
    }
  }

  /** Starts as many deliveries as may be under way. */
  void pump() {
    list();
    while (!stopped && !disk.isBroken()) {
      DrainGroup next = queue.next();
      if (next == null) {
        return;
      }
      if (!backoff.isWaiting(next.id())) {
        begin(next);
      }
    }
  }

  private void begin(DrainGroup group) {
    Portion portion = group.next();
    Optional<SpoolEntry> entry = disk.entry(portion.id());
    if (entry.isPresent()) {
      deliver(group, portion.of(entry.get().messages()), entry.get());
    } else if (disk.isBroken()) {
      group.giveBack(portion);
    } else {
      // It was too old, or the disk lost it.
      begun.remove(portion.id());
    }
    offer(group);
  }

  private void deliver(DrainGroup group, Portion portion, SpoolEntry entry) {
    DeliveryContext way = group.health() == DrainGroup.Health.HEALTHY ? line : trialLine;
    DrainQueue.Share share = queue.began(group, entry.size());
    SpooledBatchCompletion receipt =
        new SpooledBatchCompletion(nobodys, portion, entry.destination(), share, this::ended);
    begun.computeIfAbsent(portion.id(), id -> new StoredEntry(id, entry.messages())).began();
    underWay.add(receipt);
    try {
      new Delivery(way, payload(portion, entry), receipt).start();
    } catch (RuntimeException e) {
      receipt.abandon(
          SendExceptions.unexpected(
              new SendExceptions.Subject(entry.destination(), portion.size(), List.of()), e));
    }
  }

  private Payload payload(Portion portion, SpoolEntry entry) {
    Payload whole =
        new Payload(entry.destination(), entry.body(), entry.firstMessage(), entry.messageEnds());
    return portion.size() == entry.messages()
        ? whole
        : line.protocol().slice(whole, portion.from(), portion.to());
  }

  private void ended(SpooledBatchCompletion receipt) {
    ended.add(receipt);
    wake.run();
  }

  /** Stays on disk, whatever the error says; what follows is decided when the batch has ended. */
  @Override
  public boolean take(
      Payload payload, BatchCompletion receipt, BatchCompletion.Piece piece, SendException error) {
    receipt.failed(piece, error);
    return true;
  }

  /** Gives up what is too old. */
  void expire() {
    expiry.run(begun);
  }

  /** Lets the deliveries under way go. What they had stays on disk. */
  void stop() {
    stopped = true;
    List.copyOf(underWay).forEach(receipt -> receipt.abandon(SendExceptions.closed()));
    collect();
  }
}
