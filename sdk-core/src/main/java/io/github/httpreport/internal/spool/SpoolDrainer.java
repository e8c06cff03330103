package io.github.httpreport.internal.spool;

import io.github.httpreport.error.SendException;
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.batch.MemoryBudget;
import io.github.httpreport.internal.batch.MessageRange;
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
 * Delivery of the entries in the spool: each group oldest first, all groups side by side. An entry
 * is removed after its acknowledgement and not before.
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
 * <p>Deliveries end on any thread; they put their completion into a queue and signal the spool's
 * thread, which alone does everything else. There is no lock.
 */
public final class SpoolDrainer implements UndeliveredHandler {

  /** Bytes of batches from the spool in flight, in addition to the buffer. */
  private static final long MAX_BYTES = 4 << 20;

  /** Entries that one turn of the thread lists, so that writes need not wait for a long list. */
  private static final int LISTED_AT_ONCE = 4_096;

  private final RecoveringSpool disk;
  private final DeliveryContext context;

  /** The context with few attempts, for groups that have not shown that they work. */
  private final DeliveryContext halfOpenContext;

  /**
   * A set of its own, so that stored messages, which were counted when they were accepted, do not
   * count twice.
   */
  private final IncompleteBatches uncounted;

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

  /** Deliveries that ended, from any thread, for the next {@link #collect}. */
  private final Queue<SpooledBatchCompletion> ended = new ConcurrentLinkedQueue<>();

  private final Queue<String> revived = new ConcurrentLinkedQueue<>();
  private boolean stopped;

  /** Whether every entry on disk has been seen since the store was opened or recovered. */
  private boolean listed;

  private long listedGeneration;
  private long nextToList;

  /**
   * @param retries the attempts of a half-open group: few, because the spool tries again itself
   * @param wake signals the spool's thread
   */
  public SpoolDrainer(
      RecoveringSpool disk,
      DeliveryContext context,
      RetrySchedule retries,
      MemoryBudget budget,
      int maxBatches,
      Duration maxAge,
      Runnable wake) {
    this.disk = disk;
    this.context = context.withUndelivered(this);
    halfOpenContext = this.context.withRetries(retries);
    uncounted = new IncompleteBatches(budget);
    expiry = new SpoolExpiry(disk, maxAge, context.metrics());
    this.wake = wake;
    backoff = new DrainBackoff(context.scheduler(), context.random(), wake);
    queue = new DrainQueue(maxBatches, MAX_BYTES);
    refusedContent = new RefusedContent(context.scheduler(), wake);
    refusals = new RefusalLog(context.scheduler(), maxAge, disk::messages);
    listedGeneration = disk.generation();
    disk.onAppended(this::appended);
  }

  @Override
  public void delivered(String groupId) {
    groupHealthy(groupId);
  }

  /** Tries a group again, one of whose batches was acknowledged. From any thread. */
  void groupHealthy(String groupId) {
    backoff.end(groupId);
  }

  /** Tries the groups again that use a node which takes messages again. From any thread. */
  void nodeHealthy(String address) {
    revived.add(address);
    wake.run();
  }

  /** Tries all groups again. Here and below: on the spool's thread. */
  void tryAgain() {
    backoff.endAll(group -> true);
  }

  /** Whether no delivery is in flight and none can begin before a wait is over. */
  boolean isStuck() {
    return disk.isBroken() || (listed && queue.isIdle());
  }

  /** Collects the events from other threads: batches that ended, and waits that are over. */
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
    GroupNodes nodes = context.directory().known(groupId);
    return nodes != null && nodes.all().stream().anyMatch(node -> node.address().equals(address));
  }

  /**
   * Decides what becomes of the messages of one batch, once all of its ranges have ended:
   * acknowledged ones leave the disk with the last of their entry, and the others stay for another
   * delivery.
   */
  private void conclude(SpooledBatchCompletion completion, DrainGroup group) {
    StoredEntry entry = begun.get(completion.portion().id());
    if (entry != null) {
      entry.ended();
      entry.sent(completion.sent());
      // Judged by what the group acknowledged before, and not by another part of the same batch.
      List<Portion> kept = new ArrayList<>(completion.kept());
      boolean isDoubtful = judge(completion, entry, group, kept);
      if (completion.sent() > 0) {
        group.acknowledged(context.scheduler().nanoTime());
        refusals.accepted(group.id());
      }
      keep(entry, kept, completion, group);
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
      SpooledBatchCompletion completion, StoredEntry entry, DrainGroup group, List<Portion> kept) {
    List<Portion> doubtful = new ArrayList<>(0);
    for (SpooledBatchCompletion.Refused refused : completion.refused()) {
      Portion portion = completion.portion().part(refused.range());
      if (!refusedContent.isFinal(portion, group)) {
        doubtful.add(portion);
      } else if (portion.size() > 1) {
        // Any of the messages may be the reason, so the halves are tried alone.
        portion.halves().forEach(group::giveBack);
      } else {
        entry.failed(1);
        context.metrics().failed(completion.destination(), 1, refused.error());
      }
    }
    for (Portion portion : Portion.joined(doubtful)) {
      if (!refusedContent.setAside(group, portion)) {
        kept.add(portion);
      }
    }
    logRefused(group, doubtful, completion.lastRefused());
    return !doubtful.isEmpty();
  }

  /**
   * Gives messages back to the group. An entry of which nothing was delivered is whole again, so it
   * costs no memory but its id.
   */
  private void keep(
      StoredEntry entry, List<Portion> kept, SpooledBatchCompletion completion, DrainGroup group) {
    if (!kept.isEmpty() && entry.isUntouched() && completion.refused().isEmpty()) {
      begun.remove(entry.id());
      group.giveBack(Portion.whole(entry.id()));
    } else {
      Portion.joined(kept).forEach(group::giveBack);
    }
    SendException why = completion.lastKept();
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

  /** Adds a new entry to its group. Until the disk is listed the list itself finds the entry. */
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

  /**
   * Reads the next entry of a group and delivers it. An entry that is gone was expired, or lost by
   * the disk, and costs the group its turn only.
   */
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
    DeliveryContext way = group.health() == DrainGroup.Health.HEALTHY ? context : halfOpenContext;
    DrainQueue.Share share = queue.began(group, entry.size());
    SpooledBatchCompletion completion =
        new SpooledBatchCompletion(uncounted, portion, entry.destination(), share, this::ended);
    begun.computeIfAbsent(portion.id(), id -> new StoredEntry(id, entry.messages())).began();
    underWay.add(completion);
    try {
      new Delivery(way, payload(portion, entry), completion).start();
    } catch (RuntimeException e) {
      completion.abandon(
          SendExceptions.unexpected(
              new SendExceptions.Subject(entry.destination(), portion.size(), List.of()), e));
    }
  }

  private Payload payload(Portion portion, SpoolEntry entry) {
    Payload whole =
        new Payload(entry.destination(), entry.body(), entry.firstMessage(), entry.messageEnds());
    return portion.size() == entry.messages()
        ? whole
        : context.protocol().slice(whole, portion.from(), portion.to());
  }

  private void ended(SpooledBatchCompletion completion) {
    ended.add(completion);
    wake.run();
  }

  /** Keeps the messages on disk, whatever the error; {@code conclude} decides what follows. */
  @Override
  public boolean take(
      Payload payload, BatchCompletion completion, MessageRange range, SendException error) {
    completion.failed(range, error);
    return true;
  }

  /** Gives up entries that are too old. */
  void expire() {
    expiry.run(begun);
  }

  /** Ignores the ends of the deliveries in flight; their messages stay on disk. */
  void stop() {
    stopped = true;
    List.copyOf(underWay).forEach(completion -> completion.abandon(SendExceptions.closed()));
    collect();
  }
}
