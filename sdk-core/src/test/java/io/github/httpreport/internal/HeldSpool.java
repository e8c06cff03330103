package io.github.httpreport.internal;

import io.github.httpreport.spool.Spool;
import io.github.httpreport.spool.SpoolEntry;
import io.github.httpreport.spool.SpoolSettings;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/** A spool on a disk that takes its time: commits end when the test says so. */
final class HeldSpool implements Spool {

  private final Spool real;
  private final AtomicInteger commits = new AtomicInteger();
  private final CompletableFuture<Void> release = new CompletableFuture<>();

  HeldSpool(SpoolSettings settings, String protocol) {
    real = settings.open(protocol);
  }

  int commits() {
    return commits.get();
  }

  void release() {
    release.complete(null);
  }

  @Override
  public void commit() {
    commits.incrementAndGet();
    release.join();
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
