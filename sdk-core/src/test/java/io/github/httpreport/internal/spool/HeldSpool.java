package io.github.httpreport.internal.spool;

import io.github.httpreport.internal.spool.store.Spool;
import io.github.httpreport.internal.spool.store.SpoolWrapper;
import io.github.httpreport.spool.SpoolSettings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A spool on a disk that takes its time: commits end when the test says so. */
final class HeldSpool extends SpoolWrapper {

  private final AtomicInteger commits = new AtomicInteger();
  private final CompletableFuture<Void> release = new CompletableFuture<>();

  HeldSpool(SpoolSettings settings, String protocol) {
    super(Spool.open(settings, protocol));
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
    super.commit();
  }
}
