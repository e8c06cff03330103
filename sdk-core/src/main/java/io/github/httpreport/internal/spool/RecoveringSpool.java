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
 * The spool on its disk, whatever state that is in. Used by the thread of the spool only, after it
 * was opened.
 */
public final class RecoveringSpool {

  /** Opens the store. */
  public interface Opener {
    Spool open(SpoolSettings settings, String protocol);
  }

  /** Is told of each entry that a commit added. */
  interface Appended {
    void appended(long id, String groupId);
  }

  /** How far the disk can be relied on. */
  private enum State {
    WELL,
    /** Opened again after a failure; the next commit will tell. */
    ON_TRIAL,
    BROKEN
  }

  private static final Logger LOG = LoggerFactory.getLogger(RecoveringSpool.class);

  private final SpoolSettings settings;
  private final Opener opener;
  private final String protocol;
  private final IncompleteBatches ledger;
  private final SenderMetrics metrics;
  private final MonotonicClock clock;

  /** What is to be removed with the next commit, which may be long in coming. */
  private final Set<Long> gone = new HashSet<>();

  private @Nullable Spool spool;
  private Appended listener = (id, groupId) -> {};
  private long generation;
  private State state = State.WELL;
  private volatile boolean full;
  private boolean saidFull;
  private boolean saidBroken;
  private long firstOwnId = Long.MAX_VALUE;
  private long knownMessages;

  public RecoveringSpool(
      SpoolSettings settings,
      Opener opener,
      String protocol,
      IncompleteBatches ledger,
      Scheduler timer,
      SenderMetrics metrics) {
    this.settings = settings;
    this.opener = opener;
    this.protocol = protocol;
    this.ledger = ledger;
    this.metrics = metrics;
    clock = new MonotonicClock(timer);
  }

  /**
   * Opens the spool for the first time.
   *
   * @throws SpoolException if somebody has to change something; a bad disk is only told
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
    tellUse(opened);
  }

  /** Who learns of new entries. */
  void onAppended(Appended value) {
    listener = value;
  }

  /** Another number each time that entries may have gone or come without a commit from here. */
  long generation() {
    return generation;
  }

  /** Whether the last commit worked. */
  boolean isWell() {
    return state == State.WELL;
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

  /** Takes away an entry whose messages came to their end. */
  void remove(long id, int sent, int failed) {
    gone.add(id);
    // An entry that was on its way while the disk lost it is counted as lost already.
    if (id >= firstOwnId && ledger.inSpool() >= sent + failed) {
      ledger.leftSpool(sent, failed);
    }
  }

  /** Writes what there is to write and to remove, and tells everybody. */
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
      tellUse(store);
      commitWorked(store);
    }
  }

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
      // Nobody knows whether they are there after all, and they are about to go another way.
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

  /** An entry whose caller was told meanwhile that it is not on disk is taken away again. */
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
    if (!saidFull) {
      saidFull = true;
      LOG.warn(
          "The spool {} is full: {} of {} bytes in use",
          settings.directory(),
          store.bytes(),
          settings.maxBytes());
    }
    String words =
        "spool is full: " + store.bytes() + " of " + settings.maxBytes() + " bytes in use";
    refuse(writes, Refusal.FULL, words);
  }

  private static void refuse(List<PendingWrite> writes, Refusal why, String words) {
    writes.forEach(write -> write.refused(why, words));
  }

  private void commitWorked(Spool store) {
    state = State.WELL;
    if (saidBroken) {
      saidBroken = false;
      LOG.info("The spool {} can be used again", settings.directory());
      metrics.spoolBroken(false);
    }
    if (saidFull && store.bytes() <= settings.maxBytes() / 2) {
      saidFull = false;
      LOG.info("The spool {} is half empty again", settings.directory());
    }
  }

  private void tellUse(Spool store) {
    metrics.spoolUsed(store.messages(), store.bytes(), settings.maxBytes());
  }

  private void breakDown(Throwable error) {
    state = State.BROKEN;
    if (!saidBroken) {
      saidBroken = true;
      LOG.error(
          "The spool {} cannot be used; until it can, messages are delivered without it: {}",
          settings.directory(),
          error.getMessage());
      metrics.spoolBroken(true);
    }
  }

  /** Looks whether a broken disk is well again. */
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
      state = State.ON_TRIAL;
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
      tellLost(store, lost);
      state = State.ON_TRIAL;
      return true;
    } catch (SpoolException e) {
      LOG.debug("The spool {} cannot be recovered yet", settings.directory(), e);
      return false;
    }
  }

  private void tellLost(Spool store, long lostOfAll) {
    long lostOfOwn = ledger.inSpool() - store.messagesFrom(firstOwnId);
    if (lostOfOwn > 0) {
      ledger.leftSpool(0, lostOfOwn);
    }
    if (lostOfAll > 0) {
      metrics.spoolLost(lostOfAll);
    }
    knownMessages = store.messages();
  }

  /** The oldest entry of those that are wanted; none while the disk is broken. */
  Optional<Spool.Stored> oldest(LongPredicate wanted) {
    return asked(store -> store.oldest(id -> !gone.contains(id) && wanted.test(id)));
  }

  /** One entry; none when it is not there, or while the disk is broken. */
  Optional<SpoolEntry> entry(long id) {
    return gone.contains(id) ? Optional.empty() : asked(store -> store.entry(id));
  }

  /** Some of what is listed on disk, perhaps removed meanwhile; none while the disk is broken. */
  Optional<List<Spool.Head>> heads(long fromId, int limit) {
    return asked(store -> Optional.of(store.heads(fromId, limit)));
  }

  /** When the oldest entry was written. */
  Optional<Instant> oldestTime() {
    return asked(Spool::oldestTime);
  }

  private <T> Optional<T> asked(Function<Spool, Optional<T>> question) {
    Spool store = spool;
    if (store == null || isBroken()) {
      return Optional.empty();
    }
    try {
      return question.apply(store);
    } catch (SpoolException e) {
      return askedAgain(store, question, e);
    }
  }

  private <T> Optional<T> askedAgain(
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
