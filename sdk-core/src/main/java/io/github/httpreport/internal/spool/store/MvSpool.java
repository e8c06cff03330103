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

  private final SpoolDirectory directory;
  private final String scheme;
  private final String protocol;
  private final Compaction compaction;

  /** The open file; closed after a failure, and null only until the first one opens. */
  private @Nullable MvFile current;

  /** Whether bytes were read that are not those that were written; only a salvage mends that. */
  private boolean damaged;

  /** A salvage that is complete and has not taken the place of the file yet; null otherwise. */
  private Salvage.@Nullable Result salvaged;

  private MvSpool(SpoolDirectory directory, String scheme, String protocol) {
    this.directory = directory;
    this.scheme = scheme;
    this.protocol = protocol;
    compaction = new Compaction(directory, scheme, protocol);
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

  /** Opens the directory and the file; a damaged file is salvaged at once. */
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

  /**
   * The open file.
   *
   * @throws SpoolException if there is none, because an earlier step failed
   */
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

  /**
   * Refuses entries that another protocol encoded, since no server of this one could read them. An
   * empty spool takes the name of this protocol.
   */
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

  /**
   * Commits in an order that a kill may cut anywhere: the mark of what is about to happen, the
   * file, the mark of what has happened. A file that was removed under the sender is found out
   * last.
   */
  @Override
  public void commit() {
    watched(
        () -> {
          SpoolState before = file().state();
          directory.mark(CommitMark.of(file().committed()).beforeCommitOf(before));
          file().commit();
          directory.mark(CommitMark.of(file().committed()));
          directory.requirePresent();
          current = compaction.compacted(file());
          return before;
        });
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

  /**
   * Opens the file again after a failed write, as of its last commit; what is read decides whether
   * it is damaged.
   */
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

  /**
   * Salvages a damaged file and puts the new one into its place. A step that fails is done again
   * with the next call; a complete salvage is kept until then.
   */
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

  /** Copies what is readable into a new file. Everything else stays as it is. */
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

  /**
   * Renames the damaged file, and gives its name to the salvage.
   *
   * @return the new name of the damaged file; null if it had nothing in it
   */
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
