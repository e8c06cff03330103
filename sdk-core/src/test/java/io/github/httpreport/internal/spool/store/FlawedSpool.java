package io.github.httpreport.internal.spool.store;

import io.github.httpreport.spool.SpoolException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;

/** A spool that fails, once each, where the test says so. */
public final class FlawedSpool extends SpoolWrapper {

  private final AtomicBoolean commitIsDoubtful = new AtomicBoolean();
  private final AtomicBoolean oldestIsLost = new AtomicBoolean();

  /** One in front of a good one. */
  public FlawedSpool(Spool real) {
    super(real);
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
    super.commit();
    if (commitIsDoubtful.compareAndSet(true, false)) {
      throw new SpoolException(SpoolException.Kind.UNUSABLE, "Input/output error", null);
    }
  }

  @Override
  public Optional<Stored> oldest(LongPredicate wanted) {
    if (oldestIsLost.get()) {
      throw new SpoolException(SpoolException.Kind.DAMAGED, "a bad entry", null);
    }
    return super.oldest(wanted);
  }

  @Override
  public Optional<SpoolEntry> entry(long id) {
    if (oldestIsLost.get()) {
      throw new SpoolException(SpoolException.Kind.DAMAGED, "a bad entry", null);
    }
    return super.entry(id);
  }

  @Override
  public void recover() {
    super.recover();
    if (oldestIsLost.compareAndSet(true, false)) {
      super.oldest(id -> true).ifPresent(stored -> remove(stored.id()));
      super.commit();
    }
  }
}
