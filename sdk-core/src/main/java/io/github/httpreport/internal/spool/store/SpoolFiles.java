package io.github.httpreport.internal.spool.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Steps in which the files of a spool change their names. Each is done as a whole or not, so a
 * process may die between any two of them. Tests override the steps to look at the directory there.
 */
class SpoolFiles {

  /** Creates an empty file of its owner's only, if there is none. */
  void create(Path file) throws IOException {
    if (!Files.exists(file)) {
      try {
        Files.createFile(file, ownerOnly(file, "rw-------"));
      } catch (FileAlreadyExistsException e) {
        // Another sender was faster; the lock decides.
        return;
      }
    }
  }

  /** Gives a file another name, in the place of the file that may have it. */
  void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /**
   * The permissions as an attribute, where the file system knows such; only the owner may read
   * messages.
   */
  static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
