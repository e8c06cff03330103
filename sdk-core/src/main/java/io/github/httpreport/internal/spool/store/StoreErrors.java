package io.github.httpreport.internal.spool.store;

import static io.github.httpreport.spool.SpoolException.Kind.DAMAGED;
import static io.github.httpreport.spool.SpoolException.Kind.IN_USE;
import static io.github.httpreport.spool.SpoolException.Kind.UNUSABLE;

import io.github.httpreport.spool.SpoolException;
import java.io.EOFException;
import java.io.IOException;
import java.util.function.Supplier;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Errors of H2's MVStore as those of a spool. The kind decides what follows: {@code UNUSABLE} is
 * tried again, {@code DAMAGED} begins a salvage, {@code IN_USE} ends the start of a sender.
 *
 * <p>Errors of the virtual machine are translated as well. Only the store's work runs here, so one
 * of them says that the store met bytes that it did not write; passed on, it would not lead to a
 * salvage, and come back with the next read.
 */
final class StoreErrors {

  private StoreErrors() {}

  /**
   * Runs some work of the store.
   *
   * @param name of the file, for the text
   * @throws SpoolException whatever the store throws
   */
  static <T extends @Nullable Object> T translating(String name, Supplier<T> work) {
    try {
      return work.get();
    } catch (SpoolException e) {
      throw e;
    } catch (MVStoreException e) {
      throw new SpoolException(kind(e), "the spool " + name + ": " + text(e), e);
    } catch (RuntimeException | AssertionError | VirtualMachineError e) {
      // At bytes that it did not write the store throws anything: a damaged length makes it run out
      // of memory, and a page that is its own child out of stack.
      throw new SpoolException(DAMAGED, "the spool " + name + ": " + e, e);
    }
  }

  private static SpoolException.Kind kind(MVStoreException e) {
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_FILE_LOCKED -> IN_USE;
      // A disk that cannot be read says so; a file that ends too early was cut.
      case DataUtils.ERROR_READING_FAILED ->
          e.getCause() instanceof EOFException ? DAMAGED : UNUSABLE;
      case DataUtils.ERROR_WRITING_FAILED, DataUtils.ERROR_CLOSED -> UNUSABLE;
      default -> DAMAGED;
    };
  }

  /** The message of the disk, where it is the disk: that of the store names objects of its own. */
  private static String text(MVStoreException e) {
    if (e.getCause() instanceof IOException disk && disk.getMessage() != null) {
      return disk.getMessage();
    }
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
