package io.github.httpreport.internal.spool.store;

import static io.github.httpreport.spool.SpoolException.Kind.DAMAGED;
import static io.github.httpreport.spool.SpoolException.Kind.IN_USE;
import static io.github.httpreport.spool.SpoolException.Kind.UNUSABLE;

import io.github.httpreport.spool.SpoolException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a spool, which one sender has at a time, and the names of its files.
 *
 * <ul>
 *   <li>{@code spool.mv}: the store.
 *   <li>{@code spool-rewritten.mv}: a smaller copy of a good store, dropped if the process dies.
 *   <li>{@code spool-salvaged.mv}: what can be read of a damaged store. It is complete before the
 *       store gets another name, so without a store it is the store.
 *   <li>{@code spool-leftover.mv}: an incomplete {@code spool-salvaged.mv} of a process that died.
 *       It may have entries that only the memory of that process still had, so the next salvage
 *       reads it as well. It is deleted before a new store gets its name.
 *   <li>{@code spool-damaged-N.mv}: a damaged store that was replaced. Nothing reads it any more.
 *   <li>{@code spool.lock}: the lock and the mark of the newest commit.
 * </ul>
 */
final class SpoolDirectory implements AutoCloseable {

  private static final String LOCK = "spool.lock";
  private static final String STORE = "spool.mv";
  private static final String REWRITTEN = "spool-rewritten.mv";
  private static final String SALVAGED = "spool-salvaged.mv";
  private static final String LEFTOVER = "spool-leftover.mv";

  private final Path directory;
  private final SpoolFiles files;
  private @Nullable DirectoryLock lock;

  /** Identity of the store's file, by which a file that replaced it is told from it. */
  private @Nullable Object storeKey;

  SpoolDirectory(Path directory, SpoolFiles files) {
    this.directory = directory;
    this.files = files;
  }

  /** An action on files. */
  private interface Action {
    void run() throws IOException;
  }

  private void run(Path file, String failure, Action action) {
    try {
      action.run();
    } catch (IOException | SecurityException e) {
      throw new SpoolException(UNUSABLE, "the spool " + file + " cannot be " + failure + e, e);
    }
  }

  Path store() {
    return directory.resolve(STORE);
  }

  /**
   * Creates the directory and its files if need be, and locks it, again if it was replaced. Goes on
   * where a process died that replaced a store.
   */
  void take() {
    run(
        directory,
        "used: ",
        () -> {
          createDirectories();
          files.create(directory.resolve(LOCK));
          lock();
          files.delete(rewritten());
          takeSalvaged();
          files.create(store());
          storeKey = key(store());
        });
  }

  private void createDirectories() throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(directory, SpoolFiles.ownerOnly(directory, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  private void lock() throws IOException {
    DirectoryLock held = lock;
    if (held != null && held.isOf(directory.resolve(LOCK))) {
      return;
    }
    close();
    lock = DirectoryLock.tryTake(directory.resolve(LOCK));
    if (lock == null) {
      throw new SpoolException(
          IN_USE, "the spool " + directory + " is in use by another sender", null);
    }
  }

  /**
   * Goes on where a process died with a salvage. Without a store the salvage is complete and takes
   * its name; beside a store it may be incomplete, and the next salvage reads it.
   */
  private void takeSalvaged() throws IOException {
    if (!Files.exists(salvaged())) {
      return;
    }
    if (!Files.exists(store())) {
      files.delete(leftover());
      files.move(salvaged(), store());
    } else if (Files.exists(leftover())) {
      // A process with a leftover had nothing in its memory that the files do not have.
      files.delete(salvaged());
    } else {
      files.move(salvaged(), leftover());
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

  /**
   * Refuses to go on with a file that has no name any more: what is written to it is lost with this
   * process.
   */
  void requirePresent() {
    if (!isPresent()) {
      throw new SpoolException(DAMAGED, "the spool " + store() + " was removed or replaced", null);
    }
  }

  /** What identifies a file; its time of creation where the file system has no number for it. */
  private static Object key(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    Object key = attributes.fileKey();
    return key == null ? attributes.creationTime() : key;
  }

  /** The mark of the newest commit; null if it is damaged. */
  @Nullable CommitMark mark() {
    try {
      return lock == null ? CommitMark.NONE : lock.mark();
    } catch (IOException e) {
      throw new SpoolException(UNUSABLE, "the spool " + directory + " cannot be read: " + e, e);
    }
  }

  /** Replaces the mark of the newest commit. */
  void mark(CommitMark mark) {
    DirectoryLock held = lock;
    if (held != null) {
      run(directory.resolve(LOCK), "written: ", () -> held.mark(mark));
    }
  }

  /** Begins a new store in the place of one that has no entry. */
  void startAfresh() {
    run(
        store(),
        "emptied: ",
        () -> {
          files.delete(store());
          files.create(store());
          storeKey = key(store());
        });
  }

  /** The file that the store is rewritten into before it replaces the store. */
  Path rewritten() {
    return directory.resolve(REWRITTEN);
  }

  /** Makes an empty file to rewrite the store into. */
  void beginRewriting() {
    begin(rewritten());
  }

  /** Deletes the rewritten file, and frees its space. */
  void dropRewriting() {
    drop(rewritten());
  }

  /** Replaces the store by the rewritten file, in one step. */
  void endRewriting() {
    run(store(), "replaced: ", () -> replaceBy(rewritten()));
  }

  /** Where the entries of a damaged store go. */
  Path salvaged() {
    return directory.resolve(SALVAGED);
  }

  private Path leftover() {
    return directory.resolve(LEFTOVER);
  }

  boolean isStoreEmpty() {
    try {
      return Files.size(store()) == 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether a process died with a damaged store that it had not replaced yet. */
  boolean hasLeftover() {
    return Files.exists(leftover());
  }

  boolean hasSalvaged() {
    return Files.exists(salvaged());
  }

  /** The files that may have entries of a damaged store. */
  List<Path> damagedFiles() {
    List<Path> found = new ArrayList<>(List.of(store(), leftover()));
    found.removeIf(file -> !Files.exists(file));
    return found;
  }

  /** Makes an empty file for the entries of a damaged store. */
  void beginSalvage() {
    begin(salvaged());
  }

  /** Gives up an incomplete salvage. */
  void dropSalvage() {
    drop(salvaged());
  }

  /**
   * Puts the complete salvage into the place of the store. May be called again after a failure.
   *
   * @return the new name of the damaged store; null if it had nothing in it
   */
  @Nullable Path endSalvage() {
    Path aside = unusedName();
    run(
        store(),
        "replaced: ",
        () -> {
          setAside(aside);
          files.delete(leftover());
          replaceBy(salvaged());
        });
    return Files.exists(aside) ? aside : null;
  }

  private void setAside(Path aside) throws IOException {
    if (Files.exists(store()) && Files.size(store()) > 0) {
      files.move(store(), aside);
    }
  }

  private void replaceBy(Path complete) throws IOException {
    files.move(complete, store());
    storeKey = key(store());
  }

  private void begin(Path file) {
    run(
        file,
        "made: ",
        () -> {
          files.delete(file);
          files.create(file);
        });
  }

  /** Deletes a file that is not needed, if that is possible. */
  private void drop(Path file) {
    try {
      files.delete(file);
    } catch (IOException e) {
      // The next sender that takes the directory tries again.
      return;
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
    DirectoryLock held = lock;
    lock = null;
    if (held != null) {
      held.close();
    }
  }
}
