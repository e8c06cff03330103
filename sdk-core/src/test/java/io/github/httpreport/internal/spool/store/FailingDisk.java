package io.github.httpreport.internal.spool.store;

import io.github.httpreport.spool.SpoolSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** A file system for the store on which nothing can be written while it is full. */
public final class FailingDisk extends FilePathWrapper {

  /** What a name on it starts with. */
  public static final String SCHEME = "failing:";

  private static final AtomicReference<Predicate<String>> FULL =
      new AtomicReference<>(name -> false);

  /** Makes it known to the store, with room. */
  public static void register() {
    full(false);
    FilePath.register(new FailingDisk());
  }

  /** Lets every write fail, or none. */
  public static void full(boolean value) {
    FULL.set(name -> value);
  }

  /** Lets every write to one file fail. */
  static void fullFor(String file) {
    FULL.set(name -> name.endsWith(file));
  }

  /** Does something before each write to one file. */
  static void beforeWritingTo(String file, Runnable action) {
    FULL.set(
        name -> {
          if (name.endsWith(file)) {
            action.run();
          }
          return false;
        });
  }

  /** A spool on it. */
  public static Spool open(SpoolSettings settings, String protocol) {
    return MvSpool.open(settings.directory(), protocol, SCHEME, new SpoolFiles());
  }

  @Override
  public String getScheme() {
    return "failing";
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new Channel(getBase().getName(), super.open(mode));
  }

  private static final class Channel extends FileBaseDefault {
    private final String name;
    private final FileChannel real;

    Channel(String name, FileChannel real) {
      this.name = name;
      this.real = real;
    }

    private void requireRoom() throws IOException {
      if (FULL.get().test(name)) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public synchronized int write(ByteBuffer source, long position) throws IOException {
      requireRoom();
      return real.write(source, position);
    }

    @Override
    public synchronized int read(ByteBuffer target, long position) throws IOException {
      return real.read(target, position);
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      real.truncate(size);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      requireRoom();
      real.force(metaData);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      real.close();
    }
  }
}
