package io.github.httpreport.internal.spool.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Lock that keeps a directory for one sender, and the mark of its newest commit, which the lock
 * file holds.
 *
 * <p>Between processes the operating system keeps the lock. It drops all locks that a process has
 * on a file as soon as the process closes any channel of that file, so a second attempt of the same
 * process must not open one. The names of the held files therefore stand in the system properties,
 * which all class loaders share: a name is put there before the file is opened, and taken out after
 * it was closed.
 */
final class DirectoryLock implements AutoCloseable {

  private static final String HELD = "io.github.httpreport.spool.held:";

  /** Not used as a channel but for its lock: an interrupt would close it, and lose the lock. */
  private final RandomAccessFile file;

  private final String name;

  private DirectoryLock(RandomAccessFile file, String name) {
    this.file = file;
    this.name = name;
  }

  /** Takes the lock of an existing file; null if another sender has it. */
  static @Nullable DirectoryLock tryTake(Path file) throws IOException {
    String name = HELD + identity(file);
    if (System.getProperties().putIfAbsent(name, "") != null) {
      return null;
    }
    DirectoryLock lock = null;
    try {
      lock = locked(file, name);
      return lock;
    } finally {
      if (lock == null) {
        System.clearProperty(name);
      }
    }
  }

  private static @Nullable DirectoryLock locked(Path path, String name) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    boolean locked = false;
    try {
      locked = file.getChannel().tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Another part of this process has it that does not use this class.
      return null;
    } finally {
      if (!locked) {
        file.close();
      }
    }
    return locked ? new DirectoryLock(file, name) : null;
  }

  /**
   * The same for all names of a file. With the path, because a file system gives the number of a
   * deleted file to a new one, elsewhere perhaps, while the holder of the old one is still closing.
   */
  private static String identity(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key + "@" + file.toRealPath();
  }

  /** Whether a file is the one that is locked. */
  boolean isOf(Path file) {
    try {
      return name.equals(HELD + identity(file));
    } catch (IOException e) {
      return false;
    }
  }

  /** The mark of the newest commit; null if it cannot be read. */
  @Nullable CommitMark mark() throws IOException {
    byte[] bytes = new byte[CommitMark.SIZE];
    file.seek(0);
    int count = file.read(bytes);
    return count <= 0 ? CommitMark.NONE : CommitMark.read(bytes);
  }

  void mark(CommitMark mark) throws IOException {
    file.seek(0);
    file.write(mark.toBytes());
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // The lock goes with the file, and there is nothing else to lose.
      return;
    } finally {
      System.clearProperty(name);
    }
  }
}
