package io.github.httpreport.spool;

import static io.github.httpreport.spool.SpoolException.Kind.DAMAGED;
import static io.github.httpreport.spool.SpoolException.Kind.IN_USE;
import static io.github.httpreport.spool.SpoolException.Kind.UNUSABLE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The directory of a spool, which one sender has at a time. */
final class SpoolDirectory implements AutoCloseable {

  private static final String LOCK = "spool.lock";
  private static final String STORE = "spool.mv";
  private static final String REWRITTEN = "spool-rewritten.mv";

  private final Path directory;
  private @Nullable FileChannel lock;
  private @Nullable Object storeKey;

  SpoolDirectory(Path directory) {
    this.directory = directory;
  }

  Path store() {
    return directory.resolve(STORE);
  }

  /** Makes the directory and its files if need be, and takes it, once more if it was replaced. */
  void take() {
    try {
      createDirectories();
      create(directory.resolve(LOCK));
      lock();
      Files.deleteIfExists(rewritten());
      create(store());
      storeKey = key(store());
    } catch (IOException | SecurityException e) {
      throw new SpoolException(UNUSABLE, "the spool " + directory + " cannot be used: " + e, e);
    }
  }

  private void createDirectories() throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(directory, ownerOnly(directory, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  private static void create(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file, ownerOnly(file, "rw-------"));
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private void lock() throws IOException {
    close();
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (!tryLock(channel)) {
      channel.close();
      throw new SpoolException(
          IN_USE, "the spool " + directory + " is in use by another sender", null);
    }
    lock = channel;
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Whether the file that was taken is still the one that the next sender will find. */
  boolean isPresent() {
    try {
      return Objects.equals(storeKey, key(store()));
    } catch (IOException e) {
      return false;
    }
  }

  void requirePresent() {
    if (!isPresent()) {
      throw new SpoolException(DAMAGED, "the spool " + store() + " was removed or replaced", null);
    }
  }

  private static Object key(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    Object key = attributes.fileKey();
    return key == null ? attributes.creationTime() : key;
  }

  /** Gives the store another name and begins a new one. */
  Path setAside() {
    try {
      Path aside = unusedName();
      Files.move(store(), aside);
      create(store());
      storeKey = key(store());
      return aside;
    } catch (IOException e) {
      throw new SpoolException(UNUSABLE, "the spool " + store() + " cannot be set aside: " + e, e);
    }
  }

  /** Begins a new store in the place of one that nothing stands in. */
  void startAfresh() {
    try {
      Files.deleteIfExists(store());
      create(store());
      storeKey = key(store());
    } catch (IOException e) {
      throw new SpoolException(UNUSABLE, "the spool " + store() + " cannot be emptied: " + e, e);
    }
  }

  /** Where the store is written anew before it takes its own place. */
  Path rewritten() {
    return directory.resolve(REWRITTEN);
  }

  /** Makes an empty file to write the store anew. */
  void beginRewriting() {
    try {
      Files.deleteIfExists(rewritten());
      create(rewritten());
    } catch (IOException e) {
      throw new SpoolException(UNUSABLE, "the spool " + rewritten() + " cannot be made: " + e, e);
    }
  }

  /** Gives up what was written anew, and the room that it took. */
  void dropRewriting() {
    try {
      Files.deleteIfExists(rewritten());
    } catch (IOException e) {
      // The next one who takes the directory tries again.
      return;
    }
  }

  /** Puts what was written anew into the place of the store, at one stroke. */
  void endRewriting() {
    try {
      Files.move(rewritten(), store(), StandardCopyOption.ATOMIC_MOVE);
      storeKey = key(store());
    } catch (IOException e) {
      throw new SpoolException(UNUSABLE, "the spool " + store() + " cannot be replaced: " + e, e);
    }
  }

  private Path unusedName() {
    int number = 1;
    while (Files.exists(aside(number))) {
      number++;
    }
    return aside(number);
  }

  private Path aside(int number) {
    return directory.resolve("spool-damaged-" + number + ".mv");
  }

  @Override
  public void close() {
    FileChannel channel = lock;
    lock = null;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The lock goes with the channel, and there is nothing else to lose.
        return;
      }
    }
  }
}
