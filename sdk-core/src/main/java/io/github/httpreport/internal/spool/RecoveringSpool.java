package io.github.httpreport.internal.spool;

import io.github.httpreport.SenderMetrics;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.concurrent.MonotonicClock;
import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.spool.PendingWrite.Refusal;
import io.github.httpreport.internal.spool.store.Spool;
import io.github.httpreport.internal.spool.store.SpoolEntry;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.spool.SpoolException;
import io.github.httpreport.spool.SpoolSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spool on a disk that may fail: commits batches and removals, and recovers the store after a
 * failure.
 *
 * <pre>
 *   HEALTHY    the last commit worked   -> HALF_OPEN  a commit or a read failed, and the store recovered
 *                                       -> BROKEN     it did not recover
 *   HALF_OPEN  recovered, unproven      -> HEALTHY    the next commit works
 *                                       -> BROKEN     it fails
 *   BROKEN     writes are refused       -> HALF_OPEN  {@link #tryAgain} opens or recovers the store
 * </pre>
 *
 * <p>The spool's thread alone calls it, after the first {@link #open}, which the building thread
 * does. Entries can be read in HALF_OPEN too: a full disk is one that fails each commit and can be
 * read, and what is delivered from it makes space. After a failed commit the entries of it may be
 * on disk or not; they are removed with the next one, because their batches go another way.
 */
public final class RecoveringSpool {

  /** Factory of the store. Opening reads the whole index, and so may block. */
  public interface Opener {
    Spool open(SpoolSettings settings, String protocol);
  }

  /** Listener to the entries that commits add, called once for each, after the commit. */
  interface Appended {
    void appended(long id, String groupId);
  }

  /** How far the disk can be relied on. */
  private enum State {
    HEALTHY,
    /** Opened again after a failure; the next commit decides. */
    HALF_OPEN,
    BROKEN
  }

  private static final Logger LOG = LoggerFactory.getLogger(RecoveringSpool.class);

  private final SpoolSettings settings;
  private final Opener opener;
  private final String protocol;
  private final IncompleteBatches batches;
  private final SenderMetrics metrics;
  private final MonotonicClock clock;
  private final DiskLog log;

  /** The ids to remove with the next commit, which may be long in coming. */
  private final Set<Long> gone = new HashSet<>();

  private @Nullable Spool spool;
  private Appended listener = (id, groupId) -> {};

  /**
   * Counts the opens and recoveries; an id of an earlier generation may name an entry that is gone.
   */
  private long generation;

  private State state = State.HEALTHY;

  private volatile boolean full;

  /** The first id of this sender; entries below it are in the counts of an earlier one. */
  private long firstOwnId = Long.MAX_VALUE;

  /** Messages after the last commit or recovery, by which a recovery sees how many are missing. */
  private long knownMessages;

  public RecoveringSpool(
      SpoolSettings settings,
      Opener opener,
      String protocol,
      IncompleteBatches batches,
      Scheduler scheduler,
      SenderMetrics metrics) {
    this.settings = settings;
    this.opener = opener;
    this.protocol = protocol;
    this.batches = batches;
    this.metrics = metrics;
    clock = new MonotonicClock(scheduler);
    log = new DiskLog(settings, metrics);
  }

  /**
   * Opens the spool for the first time.
   *
   * @throws SpoolException if a setting or a directory must change; a bad disk is only logged
   */
  void open() {
    try {
      openStore();
    } catch (SpoolException e) {
      if (e.kind() != SpoolException.Kind.UNUSABLE && e.kind() != SpoolException.Kind.DAMAGED) {
        throw e;
      }
      breakDown(e);
    } catch (Error e) {
      breakDown(e);
    }
  }

  private void openStore() {
    Spool opened = opener.open(settings, protocol);
    spool = opened;
    generation++;
    firstOwnId = opened.nextId();
    knownMessages = opened.messages();
    updateUse(opened);
  }

  /** Sets the listener to new entries. */
  void onAppended(Appended value) {
    listener = value;
  }

  /** Grows whenever entries may have gone or come without a commit from here. */
  long generation() {
    return generation;
  }

  /** Whether the last commit worked. */
  boolean isHealthy() {
    return state == State.HEALTHY;
  }

  boolean isBroken() {
    return state == State.BROKEN;
  }

  /** Whether the last commit had to refuse entries for lack of room; any thread may ask. */
  boolean isFull() {
    return full;
  }

  long messages() {
    return knownMessages;
  }

  Instant now() {
    return clock.now();
  }

  boolean hasRemovals() {
    return !gone.isEmpty() && !isBroken();
  }

  /** Removes an entry whose messages have their end. */
  void remove(long id, int sent, int failed) {
    gone.add(id);
    // An entry that the disk lost during its delivery is counted as lost already.
    if (id >= firstOwnId && batches.inSpool() >= sent + failed) {
      batches.leftSpool(sent, failed);
    }
  }

  /**
   * Commits batches and removals, and ends each write as written or refused. A failed commit is
   * repeated once on the recovered store, so a store that only closed itself refuses nothing.
   */
  void commit(List<PendingWrite> writes) {
    Spool store = spool;
    if (store == null || isBroken()) {
      refuse(writes, Refusal.BROKEN, "the spool cannot be used");
      return;
    }
    SpoolException error = tryCommit(store, writes);
    if (error != null && tryRecover(store)) {
      error = tryCommit(store, writes);
    }
    if (error != null) {
      breakDown(error);
      refuse(writes, Refusal.BROKEN, "the spool cannot be used: " + error.getMessage());
    } else {
      knownMessages = store.messages();
      updateUse(store);
      state = State.HEALTHY;
      log.committed(store.bytes());
    }
  }

  /**
   * One commit; null when it worked. The write ends after the commit and not before: its end
   * completes the future, which promises that the batch outlives the process.
   */
  private @Nullable SpoolException tryCommit(Spool store, List<PendingWrite> writes) {
    List<Long> appended = new ArrayList<>(writes.size());
    List<PendingWrite> accepted = new ArrayList<>(writes.size());
    List<PendingWrite> tooMuch = new ArrayList<>(0);
    try {
      gone.forEach(store::remove);
      for (PendingWrite write : writes) {
        append(store, write, appended, accepted, tooMuch);
      }
      store.commit();
    } catch (SpoolException e) {
      // They may be on disk all the same, and their batches are about to go another way.
      gone.addAll(appended);
      return e;
    } catch (Error e) {
      gone.addAll(appended);
      throw e;
    }
    gone.clear();
    for (int i = 0; i < accepted.size(); i++) {
      written(accepted.get(i), appended.get(i));
    }
    full = !tooMuch.isEmpty();
    if (full) {
      full(store, tooMuch);
    }
    return null;
  }

  /** Removes an entry again whose write was refused while its commit was under way. */
  private void written(PendingWrite write, long id) {
    if (write.written()) {
      listener.appended(id, write.payload().destination().groupId());
    } else {
      gone.add(id);
    }
  }

  private void append(
      Spool store,
      PendingWrite write,
      List<Long> appended,
      List<PendingWrite> accepted,
      List<PendingWrite> tooMuch) {
    if (write.hasEnded()) {
      return;
    }
    SpoolEntry entry = entry(write.payload());
    if (store.bytes() + entry.size() > settings.maxBytes()) {
      tooMuch.add(write);
    } else {
      appended.add(store.append(entry));
      accepted.add(write);
    }
  }

  private SpoolEntry entry(Payload payload) {
    int[] ends = new int[payload.messageCount()];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = payload.messageEnd(i);
    }
    return new SpoolEntry(
        payload.destination(), clock.now(), payload.bytes(), payload.messageStart(0, 0), ends);
  }

  private void full(Spool store, List<PendingWrite> writes) {
    log.full(store.bytes());
    String text =
        "spool is full: " + store.bytes() + " of " + settings.maxBytes() + " bytes in use";
    refuse(writes, Refusal.FULL, text);
  }

  private static void refuse(List<PendingWrite> writes, Refusal why, String text) {
    writes.forEach(write -> write.refused(why, text));
  }

  private void updateUse(Spool store) {
    metrics.spoolUsed(store.messages(), store.bytes(), settings.maxBytes());
  }

  private void breakDown(Throwable error) {
    state = State.BROKEN;
    log.broken(error);
  }

  /** Opens or recovers the store of a broken disk. */
  void tryAgain() {
    Spool store = spool;
    if (!isBroken()) {
      return;
    }
    if (store != null) {
      tryRecover(store);
      return;
    }
    try {
      openStore();
      state = State.HALF_OPEN;
    } catch (SpoolException e) {
      LOG.debug("The spool {} cannot be opened yet", settings.directory(), e);
    }
  }

  private boolean tryRecover(Spool store) {
    try {
      store.recover();
      generation++;
      long lost = knownMessages - store.messages();
      gone.forEach(store::remove);
      countLost(store, lost);
      state = State.HALF_OPEN;
      return true;
    } catch (SpoolException e) {
      LOG.debug("The spool {} cannot be recovered yet", settings.directory(), e);
      return false;
    }
  }

  /**
   * Counts entries that the disk lost: those of this sender as failed, those of an earlier one in
   * the metrics only.
   */
  private void countLost(Spool store, long lostOfAll) {
    long lostOfOwn = batches.inSpool() - store.messagesFrom(firstOwnId);
    if (lostOfOwn > 0) {
      batches.leftSpool(0, lostOfOwn);
    }
    if (lostOfAll > 0) {
      metrics.spoolLost(lostOfAll);
    }
    knownMessages = store.messages();
  }

  /** The oldest entry that is wanted; none while the disk is broken. */
  Optional<Spool.Stored> oldest(LongPredicate wanted) {
    return query(store -> store.oldest(id -> !gone.contains(id) && wanted.test(id)));
  }

  /** One entry; none when it is not there, or while the disk is broken. */
  Optional<SpoolEntry> entry(long id) {
    return gone.contains(id) ? Optional.empty() : query(store -> store.entry(id));
  }

  /** Some of what is listed on disk, perhaps removed meanwhile; none while the disk is broken. */
  Optional<List<Spool.Head>> heads(long fromId, int limit) {
    return query(store -> Optional.of(store.heads(fromId, limit)));
  }

  /** When the oldest entry was written. */
  Optional<Instant> oldestTime() {
    return query(Spool::oldestTime);
  }

  /**
   * Reads from the store, and once more after a recovery; empty while the disk is broken, so that a
   * reader need not know about its states.
   */
  private <T> Optional<T> query(Function<Spool, Optional<T>> question) {
    Spool store = spool;
    if (store == null || isBroken()) {
      return Optional.empty();
    }
    try {
      return question.apply(store);
    } catch (SpoolException e) {
      return queryAgain(store, question, e);
    }
  }

  private <T> Optional<T> queryAgain(
      Spool store, Function<Spool, Optional<T>> question, SpoolException first) {
    if (tryRecover(store)) {
      try {
        return question.apply(store);
      } catch (SpoolException e) {
        breakDown(e);
        return Optional.empty();
      }
    }
    breakDown(first);
    return Optional.empty();
  }

  void close() {
    Spool store = spool;
    if (store != null) {
      store.close();
    }
  }
}
