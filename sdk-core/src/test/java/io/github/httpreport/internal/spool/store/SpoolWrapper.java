package io.github.httpreport.internal.spool.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/** A spool that does what another one does, but for what a test overrides. */
public abstract class SpoolWrapper implements Spool {

  private final Spool real;

  protected SpoolWrapper(Spool real) {
    this.real = real;
  }

  @Override
  public void commit() {
    real.commit();
  }

  @Override
  public long append(SpoolEntry entry) {
    return real.append(entry);
  }

  @Override
  public Optional<Stored> oldest(LongPredicate wanted) {
    return real.oldest(wanted);
  }

  @Override
  public List<Head> heads(long fromId, int limit) {
    return real.heads(fromId, limit);
  }

  @Override
  public Optional<SpoolEntry> entry(long id) {
    return real.entry(id);
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
  public void recover() {
    real.recover();
  }

  @Override
  public void close() {
    real.close();
  }
}
