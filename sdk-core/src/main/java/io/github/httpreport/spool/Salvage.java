package io.github.httpreport.spool;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can still be read of a damaged store, on its way into a new one. */
final class Salvage {

  private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);
  private static final long BYTES_IN_A_COMMIT = 4 << 20;

  private final @Nullable MvFile source;
  private final Path name;
  private long kept;
  private long lost;

  private Salvage(@Nullable MvFile source, Path name) {
    this.source = source;
    this.name = name;
  }

  /** Of a store that is still open. */
  static Salvage of(MvFile source, Path name) {
    return new Salvage(source, name);
  }

  /** Of the file of a directory, which gets another name. */
  static Salvage ofFile(SpoolDirectory directory, String scheme) {
    Path aside = directory.setAside();
    try {
      return new Salvage(MvFile.openDamaged(scheme + aside), aside);
    } catch (SpoolException e) {
      LOG.debug("Nothing of {} can be read", aside, e);
      return new Salvage(null, aside);
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
        "The spool was damaged, and the old one is {}: {} of its entries were kept, {} cannot be"
            + " read",
        name,
        kept,
        source == null ? "the others" : lost);
    return target;
  }

  private void copy(MvFile from, MvFile to) {
    long uncommitted = 0;
    long last = end(from, false);
    for (long id = end(from, true); id <= last; id++) {
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

  /** The entry if its checksum is right. Asked one by one, since a bad page has some of them. */
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

  private static long end(MvFile from, boolean first) {
    Long byIndex = asked(first ? from::firstId : from::lastId);
    Long byEntries = asked(first ? from::firstEntry : from::lastEntry);
    if (byIndex == null || byEntries == null) {
      Long known = byIndex == null ? byEntries : byIndex;
      return known == null ? (first ? 0 : -1) : known;
    }
    return first ? Math.min(byIndex, byEntries) : Math.max(byIndex, byEntries);
  }

  private static @Nullable Long asked(Supplier<@Nullable Long> question) {
    try {
      return question.get();
    } catch (SpoolException e) {
      return null;
    }
  }
}
