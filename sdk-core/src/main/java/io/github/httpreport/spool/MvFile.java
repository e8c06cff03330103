package io.github.httpreport.spool;

import static io.github.httpreport.spool.SpoolException.Kind.DAMAGED;
import static io.github.httpreport.spool.SpoolException.Kind.IN_USE;
import static io.github.httpreport.spool.SpoolException.Kind.UNUSABLE;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.Supplier;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/** One file of the store: entries, what is to be known of them without reading them, and a name. */
final class MvFile implements AutoCloseable {

  /**
   * The index record of an entry.
   *
   * @param groupId null in a file of an earlier version, whose index does not have it
   */
  record Summary(long timeMillis, int messages, int bytes, @Nullable String groupId) {

    private static final int FIXED = Long.BYTES + 2 * Integer.BYTES;

    static Summary of(SpoolEntry entry) {
      return new Summary(
          entry.acceptedAt().toEpochMilli(),
          entry.messages(),
          entry.size(),
          entry.destination().groupId());
    }

    private byte[] toBytes() {
      String group = groupId == null ? "" : groupId;
      ByteBuffer buffer = ByteBuffer.allocate(FIXED + Character.BYTES * group.length());
      buffer.putLong(timeMillis).putInt(messages).putInt(bytes);
      // As UTF-16, like the entry itself: it carries half surrogates, too.
      buffer.asCharBuffer().put(group);
      return buffer.array();
    }

    private static Summary read(byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new Summary(buffer.getLong(), buffer.getInt(), buffer.getInt(), group(buffer));
    }

    private static @Nullable String group(ByteBuffer rest) {
      return rest.hasRemaining() ? rest.asCharBuffer().toString() : null;
    }
  }

  private static final String PROTOCOL = "protocol";
  private static final int CACHE_MEGABYTES = 2;
  private static final long COPIED_IN_A_COMMIT = 4 << 20;

  private final String name;
  private final MVStore store;
  private final MVMap<Long, byte[]> entries;
  private final MVMap<Long, byte[]> index;
  private final MVMap<String, String> about;

  private MvFile(String name, MVStore store) {
    this.name = name;
    this.store = store;
    entries = store.openMap("entries", byId());
    index = store.openMap("index", byId());
    about =
        store.openMap(
            "about",
            new MVMap.Builder<String, String>()
                .keyType(StringDataType.INSTANCE)
                .valueType(StringDataType.INSTANCE));
  }

  private static MVMap.Builder<Long, byte[]> byId() {
    return new MVMap.Builder<Long, byte[]>()
        .keyType(LongDataType.INSTANCE)
        .valueType(ByteArrayDataType.INSTANCE);
  }

  /** Opens a file for reading and writing. */
  static MvFile open(String name) {
    return open(name, builder -> builder);
  }

  /** Opens a damaged file for reading. */
  static MvFile openDamaged(String name) {
    return open(name, builder -> builder.recoveryMode().readOnly());
  }

  private static MvFile open(String name, Function<MVStore.Builder, MVStore.Builder> mode) {
    return translating(
        name,
        () -> {
          MVStore.Builder builder =
              new MVStore.Builder()
                  .fileName(name)
                  .autoCommitDisabled()
                  .cacheSize(CACHE_MEGABYTES)
                  .autoCompactFillRate(0);
          MVStore store = mode.apply(builder).open();
          try {
            // Space is used again at once: one version is all that anybody reads.
            store.setRetentionTime(0);
            store.setVersionsToKeep(0);
            return new MvFile(name, store);
          } catch (RuntimeException e) {
            store.closeImmediately();
            throw e;
          }
        });
  }

  void put(long id, byte[] entry, Summary summary) {
    run(
        () -> {
          entries.put(id, entry);
          index.put(id, summary.toBytes());
        });
  }

  void remove(long id) {
    run(
        () -> {
          entries.remove(id);
          index.remove(id);
        });
  }

  byte @Nullable [] entry(long id) {
    return call(() -> entries.get(id));
  }

  @Nullable Summary summary(long id) {
    return call(
        () -> {
          byte[] bytes = index.get(id);
          return bytes == null ? null : Summary.read(bytes);
        });
  }

  /** The ids from one on, in order. Its methods throw what this one would. */
  Iterator<Long> ids(long from) {
    Iterator<Long> ids = call(() -> index.keyIterator(from));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return call(ids::hasNext);
      }

      @Override
      public Long next() {
        return call(ids::next);
      }
    };
  }

  @Nullable Long firstId() {
    return call(index::firstKey);
  }

  @Nullable Long lastId() {
    return call(index::lastKey);
  }

  /** The id of the first entry behind one, where the index cannot be relied on. */
  @Nullable Long entryAfter(long id) {
    return call(() -> entries.higherKey(id));
  }

  @Nullable String protocol() {
    return call(() -> about.get(PROTOCOL));
  }

  void protocol(String value) {
    run(() -> about.put(PROTOCOL, value));
  }

  void commit() {
    run(store::commit);
  }

  /** Copies all there is into an empty file, as it is, and makes it last. */
  void copyTo(MvFile target) {
    long uncommitted = 0;
    for (Iterator<Long> ids = ids(0); ids.hasNext(); ) {
      long id = ids.next();
      byte[] entry = entry(id);
      Summary summary = summary(id);
      if (entry == null || summary == null) {
        throw new SpoolException(DAMAGED, "the spool has lost an entry that it names", null);
      }
      target.put(id, entry, summary);
      uncommitted += entry.length;
      if (uncommitted >= COPIED_IN_A_COMMIT) {
        target.commit();
        uncommitted = 0;
      }
    }
    String protocol = protocol();
    if (protocol != null) {
      target.protocol(protocol);
    }
    target.commit();
  }

  long fileSize() {
    return call(() -> store.getFileStore().size());
  }

  @Override
  public void close() {
    store.closeImmediately();
  }

  private void run(Runnable work) {
    translating(
        name,
        () -> {
          work.run();
          return null;
        });
  }

  private <T extends @Nullable Object> T call(Supplier<T> work) {
    return translating(name, work);
  }

  private static <T extends @Nullable Object> T translating(String name, Supplier<T> work) {
    try {
      return work.get();
    } catch (MVStoreException e) {
      throw new SpoolException(kind(e), "the spool " + name + ": " + words(e), e);
    } catch (RuntimeException | AssertionError e) {
      // What the store throws, now and then, at bytes that it did not write.
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

  /** What the disk says, where it is the disk: the store's own words name objects of its own. */
  private static String words(MVStoreException e) {
    if (e.getCause() instanceof IOException disk && disk.getMessage() != null) {
      return disk.getMessage();
    }
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
