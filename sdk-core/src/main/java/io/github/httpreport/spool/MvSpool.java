package io.github.httpreport.spool;

import static io.github.httpreport.spool.SpoolException.Kind.DAMAGED;
import static io.github.httpreport.spool.SpoolException.Kind.OTHER_PROTOCOL;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A spool in one file of H2's MVStore. */
final class MvSpool implements Spool {

  private static final Logger LOG = LoggerFactory.getLogger(MvSpool.class);

  /** What the file may have in vain, besides once its contents, before it is written anew. */
  private static final long SLACK_BYTES = 4 << 20;

  private final SpoolDirectory directory;
  private final String scheme;
  private final String protocol;
  private MvFile file;
  private @Nullable Salvage salvage;
  private boolean damaged;
  private long messages;
  private long bytes;
  private long nextId = 1;
  private long failedAtBytes;

  private MvSpool(SpoolDirectory directory, String scheme, String protocol, MvFile file) {
    this.directory = directory;
    this.scheme = scheme;
    this.protocol = protocol;
    this.file = file;
  }

  static MvSpool open(Path directory, String protocol) {
    return open(directory, protocol, "");
  }

  /**
   * Opens a spool.
   *
   * @param scheme of the store's file system, before the name of the file; for tests
   */
  static MvSpool open(Path path, String protocol, String scheme) {
    SpoolDirectory directory = new SpoolDirectory(path);
    directory.take();
    try {
      MvSpool spool = new MvSpool(directory, scheme, protocol, file(directory, scheme));
      spool.begin();
      return spool;
    } catch (RuntimeException | NoClassDefFoundError e) {
      directory.close();
      throw e;
    }
  }

  private static MvFile file(SpoolDirectory directory, String scheme) {
    try {
      return MvFile.open(scheme + directory.store());
    } catch (SpoolException e) {
      if (e.kind() != DAMAGED) {
        throw e;
      }
      return Salvage.ofFile(directory, scheme).into(MvFile.open(scheme + directory.store()));
    }
  }

  /** Counts what there is, which shows whether it can be read, and looks whom it is for. */
  private void begin() {
    try {
      count();
    } catch (SpoolException e) {
      damaged = e.kind() == DAMAGED;
      recover();
    }
    String written = file.protocol();
    if (messages > 0 && written != null && !written.equals(protocol)) {
      file.close();
      throw new SpoolException(
          OTHER_PROTOCOL,
          "the spool "
              + directory.store().getParent()
              + " holds "
              + messages
              + " messages that were encoded for "
              + written
              + ", and this sender speaks "
              + protocol,
          null);
    }
    if (!protocol.equals(written)) {
      file.protocol(protocol);
      file.commit();
    }
  }

  private void count() {
    messages = 0;
    bytes = 0;
    for (Iterator<Long> ids = file.ids(0); ids.hasNext(); ) {
      MvFile.Summary summary = known(ids.next());
      messages += summary.messages();
      bytes += summary.bytes();
    }
    Long last = file.lastId();
    nextId = Math.max(nextId, last == null ? 1 : last + 1);
  }

  private MvFile.Summary known(long id) {
    MvFile.Summary summary = file.summary(id);
    if (summary == null) {
      throw new SpoolException(DAMAGED, "the spool has lost an entry that it names", null);
    }
    return summary;
  }

  @Override
  public long append(SpoolEntry entry) {
    return watched(
        () -> {
          long id = nextId;
          MvFile.Summary summary = MvFile.Summary.of(entry);
          file.put(id, EntryCodec.encode(entry), summary);
          nextId++;
          messages += summary.messages();
          bytes += summary.bytes();
          return id;
        });
  }

  @Override
  public Optional<Stored> oldest(LongPredicate wanted) {
    return watched(
        () -> {
          for (Iterator<Long> ids = file.ids(0); ids.hasNext(); ) {
            long id = ids.next();
            if (wanted.test(id)) {
              return Optional.of(new Stored(id, read(id)));
            }
          }
          return Optional.empty();
        });
  }

  @Override
  public List<Head> heads(long fromId, int limit) {
    return watched(
        () -> {
          List<Head> heads = new ArrayList<>();
          for (Iterator<Long> ids = file.ids(fromId); ids.hasNext() && heads.size() < limit; ) {
            long id = ids.next();
            heads.add(new Head(id, groupOf(id)));
          }
          return heads;
        });
  }

  /** From the entry itself where the index of an earlier version does not have it. */
  private String groupOf(long id) {
    String group = known(id).groupId();
    return group == null ? read(id).destination().groupId() : group;
  }

  @Override
  public Optional<SpoolEntry> entry(long id) {
    return watched(() -> file.summary(id) == null ? Optional.empty() : Optional.of(read(id)));
  }

  private SpoolEntry read(long id) {
    byte[] encoded = file.entry(id);
    if (encoded == null) {
      throw new SpoolException(DAMAGED, "the spool has lost an entry that it names", null);
    }
    return EntryCodec.decode(encoded);
  }

  @Override
  public Optional<Instant> oldestTime() {
    return watched(
        () ->
            Optional.ofNullable(file.firstId())
                .map(this::known)
                .map(summary -> Instant.ofEpochMilli(summary.timeMillis())));
  }

  @Override
  public void remove(long id) {
    watched(
        () -> {
          MvFile.Summary summary = file.summary(id);
          if (summary != null) {
            file.remove(id);
            messages -= summary.messages();
            bytes -= summary.bytes();
          }
          return summary;
        });
  }

  @Override
  public void commit() {
    watched(
        () -> {
          file.commit();
          directory.requirePresent();
          tidy();
          return file;
        });
  }

  /** Gives space back that entries had which are gone. */
  private void tidy() {
    long size = file.fileSize();
    if (size - failedAtBytes < SLACK_BYTES + 2 * bytes) {
      return;
    }
    if (messages == 0) {
      startAfresh();
    } else {
      rewrite(size);
    }
  }

  private void startAfresh() {
    file.close();
    directory.startAfresh();
    file = MvFile.open(scheme + directory.store());
    file.protocol(protocol);
    file.commit();
  }

  /** The store would find the space by and by, but one entry at its end keeps all of it. */
  private void rewrite(long size) {
    try {
      directory.beginRewriting();
      try (MvFile fresh = MvFile.open(scheme + directory.rewritten())) {
        file.copyTo(fresh);
      }
    } catch (SpoolException e) {
      if (e.kind() == DAMAGED) {
        throw e;
      }
      // What was committed is committed; where it stands is of no matter until there is more room.
      failedAtBytes = size;
      directory.dropRewriting();
      LOG.debug("The spool {} cannot be written anew", directory.store(), e);
      return;
    }
    file.close();
    directory.endRewriting();
    file = MvFile.open(scheme + directory.store());
    failedAtBytes = 0;
  }

  @Override
  public long messages() {
    return messages;
  }

  @Override
  public long messagesFrom(long firstId) {
    return watched(
        () -> {
          long sum = 0;
          for (Iterator<Long> ids = file.ids(firstId); ids.hasNext(); ) {
            sum += known(ids.next()).messages();
          }
          return sum;
        });
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public long nextId() {
    return nextId;
  }

  /** Remembers that what was read was not what was written. */
  private <T extends @Nullable Object> T watched(Supplier<T> work) {
    try {
      return work.get();
    } catch (SpoolException e) {
      damaged |= e.kind() == DAMAGED;
      throw e;
    }
  }

  @Override
  public void recover() {
    if (salvage == null && !damaged && directory.isPresent()) {
      file.close();
      watched(
          () -> {
            file = MvFile.open(scheme + directory.store());
            count();
            return file;
          });
    } else {
      repair();
    }
  }

  private void repair() {
    if (salvage == null) {
      if (directory.isPresent()) {
        file.close();
        salvage = Salvage.ofFile(directory, scheme);
      } else {
        // The file has no name any more, but whoever has it open can still read it.
        salvage = Salvage.ofRemoved(file, directory.store());
      }
    }
    directory.take();
    MvFile fresh = salvage.into(MvFile.open(scheme + directory.store()));
    fresh.protocol(protocol);
    fresh.commit();
    salvage = null;
    damaged = false;
    file = fresh;
    count();
  }

  @Override
  public void close() {
    file.close();
    directory.close();
  }
}
