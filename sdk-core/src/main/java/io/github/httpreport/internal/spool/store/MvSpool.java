package io.github.httpreport.internal.spool.store;

import static io.github.httpreport.internal.spool.store.CheckedRecord.damaged;
import static io.github.httpreport.spool.SpoolException.Kind.DAMAGED;
import static io.github.httpreport.spool.SpoolException.Kind.OTHER_PROTOCOL;
import static io.github.httpreport.spool.SpoolException.Kind.UNUSABLE;

import io.github.httpreport.spool.SpoolException;
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

/**
 * A spool in one file of H2's MVStore.
 *
 * <p>The file is good, or known to be damaged, or its salvage is complete and only has to take its
 * place. {@link #recover} leads from each of these back to a good file, in steps after which the
 * process may die: the damaged file keeps its name until there is a complete new one. Used by one
 * thread at a time.
 */
public final class MvSpool implements Spool {

  private static final Logger LOG = LoggerFactory.getLogger(MvSpool.class);

  /**
   * The dead bytes that a file may have, beyond the size of its live entries, before it is
   * rewritten.
   */
  private static final long SLACK_BYTES = 4 << 20;

  private final SpoolDirectory directory;
  private final String scheme;
  private final String protocol;
  private @Nullable MvFile current;
  private boolean damaged;
  private Salvage.@Nullable Result salvaged;
  private long failedAtBytes;

  private MvSpool(SpoolDirectory directory, String scheme, String protocol) {
    this.directory = directory;
    this.scheme = scheme;
    this.protocol = protocol;
  }

  public static MvSpool open(Path directory, String protocol) {
    return open(directory, protocol, "", new SpoolFiles());
  }

  /**
   * Opens a spool.
   *
   * @param scheme of the store's file system, before the name of the file; for tests
   * @param files the steps in which files change their names; for tests
   */
  public static MvSpool open(Path path, String protocol, String scheme, SpoolFiles files) {
    MvSpool spool = new MvSpool(new SpoolDirectory(path, files), scheme, protocol);
    try {
      spool.begin();
      return spool;
    } catch (RuntimeException | Error e) {
      spool.close();
      throw e;
    }
  }

  private void begin() {
    directory.take();
    try {
      openStore();
    } catch (SpoolException e) {
      if (e.kind() != DAMAGED) {
        throw e;
      }
      damaged = true;
      repair();
    }
    requireProtocol();
  }

  private MvFile file() {
    MvFile file = current;
    if (file == null) {
      throw new SpoolException(UNUSABLE, "the spool " + directory.store() + " is not open", null);
    }
    return file;
  }

  /** Opens the file, and makes sure that it is whole and has its newest commit. */
  private void openStore() {
    CommitMark mark = directory.mark();
    if (mark == null) {
      throw damaged("a bad mark of its newest commit");
    }
    if (directory.hasLeftover()) {
      throw damaged("what a process left that died while it salvaged a spool");
    }
    boolean empty = directory.isStoreEmpty();
    MvFile file = MvFile.open(scheme + directory.store());
    try {
      file.verify();
      if (file.state().commit() < mark.committed() && !(empty && mark.entries() == 0)) {
        throw damaged("no trace of its newest commits");
      }
    } catch (SpoolException e) {
      file.close();
      throw e;
    }
    continueAfter(mark, file);
    current = file;
  }

  /** Neither ids nor numbers of commits are used again, not even those that were lost. */
  private void continueAfter(CommitMark mark, MvFile file) {
    file.continueAfter(Math.max(mark.attempted(), mark.committed()));
    file.reserveIdsBelow(Math.max(mark.nextId(), current == null ? 0 : nextId()));
  }

  private void requireProtocol() {
    MvFile file = file();
    String written = file.state().protocol();
    if (messages() > 0 && !written.isEmpty() && !written.equals(protocol)) {
      throw new SpoolException(
          OTHER_PROTOCOL,
          "the spool "
              + directory.store().getParent()
              + " holds "
              + messages()
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

  @Override
  public long append(SpoolEntry entry) {
    return watched(
        () -> {
          long id = nextId();
          file().put(id, EntryCodec.encode(id, entry), IndexBlock.EntrySummary.of(entry));
          return id;
        });
  }

  @Override
  public Optional<Stored> oldest(LongPredicate wanted) {
    return watched(
        () -> {
          for (Iterator<Long> ids = file().ids(0); ids.hasNext(); ) {
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
          for (Iterator<Long> ids = file().ids(fromId); ids.hasNext() && heads.size() < limit; ) {
            long id = ids.next();
            heads.add(new Head(id, file().known(id).groupId()));
          }
          return heads;
        });
  }

  @Override
  public Optional<SpoolEntry> entry(long id) {
    return watched(() -> file().summary(id) == null ? Optional.empty() : Optional.of(read(id)));
  }

  private SpoolEntry read(long id) {
    byte[] encoded = file().entry(id);
    if (encoded == null) {
      throw damaged("no entry any more that it names");
    }
    return EntryCodec.decode(id, encoded);
  }

  @Override
  public Optional<Instant> oldestTime() {
    return watched(
        () ->
            Optional.ofNullable(file().firstId())
                .map(file()::known)
                .map(summary -> Instant.ofEpochMilli(summary.timeMillis())));
  }

  @Override
  public void remove(long id) {
    watched(
        () -> {
          file().remove(id);
          return id;
        });
  }

  @Override
  public void commit() {
    watched(
        () -> {
          SpoolState before = file().state();
          directory.mark(CommitMark.of(file().committed()).beforeCommitOf(before));
          file().commit();
          directory.mark(CommitMark.of(file().committed()));
          directory.requirePresent();
          compact();
          return before;
        });
  }

  /** Gives space back that entries had which are gone. */
  private void compact() {
    long size = file().fileSize();
    if (size - failedAtBytes < SLACK_BYTES + 2 * bytes()) {
      return;
    }
    if (messages() == 0) {
      startAfresh();
    } else {
      rewrite(size);
    }
  }

  private void startAfresh() {
    SpoolState state = file().state();
    file().close();
    directory.startAfresh();
    MvFile fresh = MvFile.open(scheme + directory.store());
    fresh.continueAfter(state.commit());
    fresh.reserveIdsBelow(state.nextId());
    fresh.protocol(protocol);
    fresh.commit();
    current = fresh;
  }

  /** The store would find the space by and by, but one entry at its end keeps all of it. */
  private void rewrite(long size) {
    try {
      directory.beginRewriting();
      try (MvFile fresh = MvFile.open(scheme + directory.rewritten())) {
        file().copyTo(fresh);
      }
    } catch (SpoolException e) {
      if (e.kind() == DAMAGED) {
        throw e;
      }
      // What was committed is committed; where it stands is of no matter until there is more room.
      failedAtBytes = size;
      directory.dropRewriting();
      LOG.debug("The spool {} cannot be rewritten", directory.store(), e);
      return;
    }
    file().close();
    directory.endRewriting();
    current = MvFile.open(scheme + directory.store());
    failedAtBytes = 0;
  }

  @Override
  public long messages() {
    return file().state().messages();
  }

  @Override
  public long messagesFrom(long firstId) {
    return watched(
        () -> {
          long sum = 0;
          for (Iterator<Long> ids = file().ids(firstId); ids.hasNext(); ) {
            sum += file().known(ids.next()).messages();
          }
          return sum;
        });
  }

  @Override
  public long bytes() {
    return file().state().bytes();
  }

  @Override
  public long nextId() {
    return file().state().nextId();
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
    damaged |= !directory.isPresent();
    if (salvaged == null && !damaged) {
      reopen();
    }
    if (salvaged != null || damaged) {
      repair();
    }
  }

  private void reopen() {
    file().close();
    try {
      openStore();
    } catch (SpoolException e) {
      damaged = e.kind() == DAMAGED;
      if (!damaged) {
        throw e;
      }
    }
  }

  private void repair() {
    String what = directory.isPresent() ? " is damaged" : " was removed or replaced while in use";
    if (salvaged == null) {
      salvaged = salvage();
    }
    Salvage.Result result = salvaged;
    Path aside = replace();
    salvaged = null;
    LOG.error(
        "The spool {}{}{}: {} of its entries are kept, {} cannot be read",
        directory.store(),
        what,
        aside == null ? "" : " and was renamed to " + aside.getFileName(),
        result.kept(),
        result.lost());
    directory.mark(CommitMark.of(result.state()));
    openStore();
    damaged = false;
  }

  /** Leaves everything as it is, but for a new file besides. */
  private Salvage.Result salvage() {
    // A file that was replaced says nothing of the entries in the store that is still open.
    boolean openIsOfFiles = directory.isPresent();
    directory.take();
    directory.beginSalvage();
    CommitMark known = directory.mark();
    CommitMark mark = known == null ? CommitMark.NONE : known;
    try (MvFile target = MvFile.open(scheme + directory.salvaged())) {
      continueAfter(mark, target);
      List<String> files = directory.damagedFiles().stream().map(file -> scheme + file).toList();
      return Salvage.into(target, current, openIsOfFiles, files).outOf(mark.entries());
    } catch (SpoolException e) {
      directory.dropSalvage();
      throw e;
    }
  }

  private @Nullable Path replace() {
    MvFile file = current;
    if (file != null) {
      file.close();
    }
    try {
      return directory.endSalvage();
    } catch (SpoolException e) {
      if (!directory.hasSalvaged()) {
        salvaged = null;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    MvFile file = current;
    if (file != null) {
      file.close();
    }
    directory.close();
  }
}
