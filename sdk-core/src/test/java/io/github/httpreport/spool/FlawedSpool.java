package io.github.httpreport.spool;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;

/** A spool that fails, once each, where the test says so. */
public final class FlawedSpool implements Spool {

  private final Spool real;
  private final AtomicBoolean commitIsDoubtful = new AtomicBoolean();
  private final AtomicBoolean oldestIsLost = new AtomicBoolean();

  /** One in front of a good one. */
  public FlawedSpool(Spool real) {
    this.real = real;
  }

  /** The next commit fails, and is on disk nevertheless. */
  public void doubtNextCommit() {
    commitIsDoubtful.set(true);
  }

  /** The oldest entry cannot be read any more, and is not there after the recovery. */
  public void loseOldest() {
    oldestIsLost.set(true);
  }

  @Override
  public void commit() {
    real.commit();
    if (commitIsDoubtful.compareAndSet(true, false)) {
      throw new SpoolException(SpoolException.Kind.UNUSABLE, "Input/output error", null);
    }
  }

  @Override
  public Optional<Stored> oldest(LongPredicate wanted) {
    if (oldestIsLost.get()) {
      throw new SpoolException(SpoolException.Kind.DAMAGED, "a bad entry", null);
    }
    return real.oldest(wanted);
  }

  @Override
  public void recover() {
    real.recover();
    if (oldestIsLost.compareAndSet(true, false)) {
      real.oldest(id -> true).ifPresent(stored -> real.remove(stored.id()));
      real.commit();
    }
  }

  @Override
  public long append(SpoolEntry entry) {
    return real.append(entry);
  }

  @Override
  public Optional<Instant> oldestTime() {
    return real.oldestTime();
  }

  @Override
  public void remove(long id) {
    real.remove(id);
  }

  @Override
  public long messages() {
    return real.messages();
  }

  @Override
  public long messagesFrom(long firstId) {
    return real.messagesFrom(firstId);
  }

  @Override
  public long bytes() {
    return real.bytes();
  }

  @Override
  public long nextId() {
    return real.nextId();
  }

  @Override
  public void close() {
    real.close();
  }
}
