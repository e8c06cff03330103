package io.github.httpreport.benchmarks.reliability;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Damage to the file of a spool that no process has, and the moment in which it is salvaged. */
final class DamagedSpool implements AutoCloseable {

  /** The two copies of the store's header, in which no message stands. */
  private static final int HEADER_BYTES = 8192;

  private static final Path SALVAGED = Path.of("spool-salvaged.mv");

  private final WatchService watch;

  private DamagedSpool(WatchService watch) {
    this.watch = watch;
  }

  /** Destroys the header of a spool's file, and watches what becomes of it. */
  static DamagedSpool of(Path spool) throws IOException {
    Path file = spool.resolve("spool.mv");
    if (Files.exists(file)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate((int) Math.min(HEADER_BYTES, channel.size())), 0);
      }
    }
    WatchService watch = FileSystems.getDefault().newWatchService();
    spool.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    return new DamagedSpool(watch);
  }

  /** Waits until a process has begun to salvage it; false if it does not within the time. */
  boolean awaitSalvage(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      WatchKey key = watch.poll(left, TimeUnit.NANOSECONDS);
      if (key != null) {
        if (key.pollEvents().stream().map(WatchEvent::context).anyMatch(SALVAGED::equals)) {
          return true;
        }
        key.reset();
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
