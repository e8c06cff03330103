package io.github.httpreport.spool;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can still be read of a damaged store, on its way into a new one. */
final class Salvage {

  private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);
  private static final long BYTES_IN_A_COMMIT = 4 << 20;

  /** More than any page has entries. */
  private static final int LONGEST_GAP = 10_000;

  private final @Nullable MvFile source;
  private final String what;
  private long kept;
  private long lost;
  private boolean badPages;

  private Salvage(@Nullable MvFile source, String what) {
    this.source = source;
    this.what = what;
  }

  /** Of a store that is still open and has no name any more. */
  static Salvage ofRemoved(MvFile source, Path name) {
    return new Salvage(source, name + " was removed while in use");
  }

  /** Of the file of a directory, which gets another name. */
  static Salvage ofFile(SpoolDirectory directory, String scheme) {
    Path aside = directory.setAside();
    String what = directory.store() + " is damaged and was renamed to " + aside.getFileName();
    try {
      return new Salvage(MvFile.openDamaged(scheme + aside), what);
    } catch (SpoolException e) {
      LOG.debug("Nothing of {} can be read", aside, e);
      return new Salvage(null, what);
    }
  }

  /** Copies what can be read. May be called again when it throws, with another target. */
  MvFile into(MvFile target) {
    kept = 0;
    lost = 0;
    try {
      if (source != null) {
        copy(source, target);
      }
      target.commit();
    } catch (SpoolException e) {
      target.close();
      throw e;
    }
    if (source != null) {
      source.close();
    }
    LOG.error(
        "The spool {}: {} of its entries are kept, {} cannot be read",
        what,
        kept,
        source == null ? "all others" : lost + (badPages ? " or more" : ""));
    return target;
  }

  private void copy(MvFile from, MvFile to) {
    long uncommitted = 0;
    for (Long id = after(from, 0); id != null; id = after(from, id)) {
      byte[] entry = readable(from, id);
      if (entry != null) {
        to.put(id, entry, MvFile.Summary.of(EntryCodec.decode(entry)));
        uncommitted += entry.length;
        kept++;
      }
      if (uncommitted >= BYTES_IN_A_COMMIT) {
        to.commit();
        uncommitted = 0;
      }
    }
    copyProtocol(from, to);
  }

  /** The next id, behind those that a bad page has. */
  private @Nullable Long after(MvFile from, long id) {
    for (long step = 0; step < LONGEST_GAP; step++) {
      try {
        Long next = from.entryAfter(id + step);
        if (next == null || next > id + step) {
          return next;
        }
      } catch (SpoolException e) {
        badPages = true;
      }
    }
    return null;
  }

  /** The entry if its checksum is right. */
  private byte @Nullable [] readable(MvFile from, long id) {
    try {
      byte[] entry = from.entry(id);
      if (entry != null) {
        EntryCodec.decode(entry);
      }
      return entry;
    } catch (SpoolException e) {
      lost++;
      return null;
    }
  }

  private static void copyProtocol(MvFile from, MvFile to) {
    try {
      String protocol = from.protocol();
      if (protocol != null) {
        to.protocol(protocol);
      }
    } catch (SpoolException e) {
      LOG.debug("The spool does not tell its protocol any more", e);
    }
  }
}
