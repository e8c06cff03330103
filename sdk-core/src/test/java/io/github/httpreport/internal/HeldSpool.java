package io.github.httpreport.internal;

import io.github.httpreport.spool.SpoolSettings;
import io.github.httpreport.spool.SpoolWrapper;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A spool on a disk that takes its time: commits end when the test says so. */
final class HeldSpool extends SpoolWrapper {

  private final AtomicInteger commits = new AtomicInteger();
  private final CompletableFuture<Void> release = new CompletableFuture<>();

  HeldSpool(SpoolSettings settings, String protocol) {
    super(settings.open(protocol));
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
