package io.github.httpreport.internal.spool.store;

import io.github.httpreport.Destination;
import io.github.httpreport.spool.SpoolException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A spool with a past, and what is known of it without the code under test. */
final class SpoolHistory {

  static final String PROTOCOL = "InLong";

  private final Random random;
  private final Map<Long, byte[]> live = new TreeMap<>();
  private final Set<String> written = new HashSet<>();
  private int number;

  SpoolHistory(long seed) {
    random = new Random(seed);
  }

  /** Appends and removes, mostly the oldest, in many commits. */
  void write(Spool spool, int commits) {
    for (int i = 0; i < commits; i++) {
      for (int j = random.nextInt(8); j >= 0; j--) {
        append(spool);
      }
      for (int j = random.nextInt(6); j > 0 && live.size() > 5; j--) {
        remove(spool, random.nextInt(4) == 0 ? random.nextInt(live.size()) : 0);
      }
      spool.commit();
    }
  }

  long append(Spool spool) {
    byte[] body = new byte[random.nextInt(random.nextInt(10) == 0 ? 30_000 : 3_000)];
    random.nextBytes(body);
    SpoolEntry entry =
        new SpoolEntry(
            new Destination("group" + number % 3, "s" + number++),
            Instant.ofEpochMilli(1_000_000 + number),
            body,
            0,
            new int[] {body.length});
    long id = spool.append(entry);
    live.put(id, EntryCodec.encode(id, entry));
    written.add(text(entry));
    return id;
  }

  private void remove(Spool spool, int place) {
    long id = new ArrayList<>(live.keySet()).get(place);
    spool.remove(id);
    live.remove(id);
  }

  Set<Long> live() {
    return new TreeSet<>(live.keySet());
  }

  boolean wrote(SpoolEntry entry) {
    return written.contains(text(entry));
  }

  private static String text(SpoolEntry entry) {
    return entry.destination() + "/" + entry.acceptedAt() + "/" + Arrays.hashCode(entry.body());
  }

  /** The live entries of which a file has an intact copy. */
  Set<Long> intactIn(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    Set<Long> intact = new TreeSet<>();
    live.forEach(
        (id, record) -> {
          if (text.contains(new String(record, StandardCharsets.ISO_8859_1))) {
            intact.add(id);
          }
        });
    return intact;
  }

  /** All entries by their ids, after as many recoveries as it takes. */
  static Map<Long, SpoolEntry> contents(Spool spool) {
    for (int i = 0; ; i++) {
      try {
        return read(spool);
      } catch (SpoolException e) {
        if (i == 3 || e.kind() != SpoolException.Kind.DAMAGED) {
          throw e;
        }
        spool.recover();
      }
    }
  }

  private static Map<Long, SpoolEntry> read(Spool spool) {
    Map<Long, SpoolEntry> found = new HashMap<>();
    Optional<Spool.Stored> next = spool.oldest(id -> true);
    while (next.isPresent()) {
      long last = next.get().id();
      found.put(last, next.get().entry());
      next = spool.oldest(id -> id > last);
    }
    return found;
  }

  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    List<Path> files;
    try (var listed = Files.list(from)) {
      files = listed.toList();
    }
    for (Path file : files) {
      Files.copy(file, to.resolve(file.getFileName().toString()));
    }
  }
}
