package io.github.httpreport.internal.spool.store;

import static java.util.Comparator.reverseOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.node.Seed;
import io.github.httpreport.spool.SpoolException;
import io.github.httpreport.spool.SpoolSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise about damaged files: every entry of which an intact copy is left is kept, none is
 * made up, and nothing is thrown that a caller does not expect.
 */
@Timeout(300)
class SpoolDamageTest {

  private static final int ROUNDS = Integer.getInteger("damage.rounds", 32);

  @TempDir private Path temp;

  private final long seed = Seed.next();
  private final Random random = new Random(seed);
  private final SpoolHistory history = new SpoolHistory(seed);
  private int cameBack;

  private Path good() {
    return temp.resolve("good");
  }

  private Spool open(Path directory) {
    return Spool.open(SpoolSettings.in(directory), SpoolHistory.PROTOCOL);
  }

  private byte[] writeGood(int commits) throws IOException {
    try (Spool spool = open(good())) {
      history.write(spool, commits);
    }
    return Files.readAllBytes(good().resolve("spool.mv"));
  }

  /** Opens a copy of the good spool with other bytes in its file, twice. */
  private void check(byte[] bad, String what) throws IOException {
    Path directory = temp.resolve("copy");
    SpoolHistory.copy(good(), directory);
    Files.write(directory.resolve("spool.mv"), bad);
    Set<Long> intact = history.intactIn(directory.resolve("spool.mv"));
    Set<Long> kept;
    try (Spool spool = open(directory)) {
      kept = checked(SpoolHistory.contents(spool), intact, what);
      assertThat(spool.nextId()).as(what).isGreaterThan(history.live().size());
    }
    try (Spool spool = open(directory)) {
      assertThat(SpoolHistory.contents(spool)).as(what).containsOnlyKeys(kept);
    }
    MvSpoolTest.delete(directory);
  }

  private Set<Long> checked(Map<Long, SpoolEntry> contents, Set<Long> intact, String what) {
    assertThat(contents.keySet()).as(what).containsAll(intact);
    assertThat(contents.values()).as(what).allMatch(history::wrote);
    Set<Long> removed = new HashSet<>(contents.keySet());
    removed.removeAll(history.live());
    cameBack += removed.size();
    return contents.keySet();
  }

  @Test
  void open_damagedInAnyWay_keepsEveryIntactEntry() throws IOException {
    byte[] good = writeGood(30);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bad = good.clone();
      String what = "seed " + seed + " round " + round + ":";
      for (int i = random.nextInt(3); i >= 0; i--) {
        Damage damage = Damage.any(random);
        bad = bad.length < 50_000 ? bad : damage.applyTo(bad, random);
        what += " " + damage;
      }
      check(bad, what);
    }
    System.out.println(
        "seed "
            + seed
            + ": "
            + cameBack
            + " removed entries again, in "
            + ROUNDS
            + " copies of "
            + history.live().size()
            + " entries");
  }

  @Test
  void open_anyOneBlockZeroed_keepsEveryIntactEntry() throws IOException {
    byte[] good = writeGood(12);
    for (int block = 0; block < good.length; block += Damage.BLOCK) {
      byte[] bad = good.clone();
      Arrays.fill(bad, block, Math.min(bad.length, block + Damage.BLOCK), (byte) 0);
      check(bad, "seed " + seed + " block at " + block);
    }
    // The records of one block are lost; older ones tell of an entry that was there then.
    assertThat(cameBack).as("seed %d", seed).isLessThan(good.length / Damage.BLOCK);
  }

  @Test
  void open_undamagedAfterManyRemovals_bringsNoneBack() throws IOException {
    byte[] good = writeGood(60);
    Arrays.fill(good, 0, 2 * Damage.BLOCK, (byte) 0);

    check(good, "seed " + seed);

    assertThat(cameBack).as("seed %d", seed).isZero();
  }

  @Test
  void recover_damagedWhileInUse_keepsWhatWasCommittedSince() throws IOException {
    for (int round = 0; round < ROUNDS / 4; round++) {
      String what = "seed " + seed + " round " + round;
      Path directory = temp.resolve("used" + round);
      SpoolHistory past = new SpoolHistory(seed + round);
      try (Spool spool = open(directory)) {
        past.write(spool, 20);
        Path file = directory.resolve("spool.mv");
        byte[] bytes = Files.readAllBytes(file);
        Damage damage = round % 2 == 0 ? Damage.SWAPPED_BLOCKS : Damage.ZEROED_BLOCK;
        Files.write(file, damage.applyTo(damage.applyTo(bytes, random), random));
        Set<Long> since = new HashSet<>();
        commitSome(spool, past, since);

        Set<Long> intact = past.intactIn(file);
        Map<Long, SpoolEntry> contents = SpoolHistory.contents(spool);

        assertThat(contents.keySet()).as(what).containsAll(since).containsAll(intact);
        assertThat(contents.values()).as(what).allMatch(past::wrote);
      }
      MvSpoolTest.delete(directory);
    }
  }

  @Test
  void recover_onlyTheOpenStoreStillHasEntries_keepsThem() throws IOException {
    try (Spool spool = open(good())) {
      // More than the store keeps in memory.
      history.write(spool, 500);
      // A store that was written anew in the last commit has nothing in memory but what is read.
      List<Long> newest = history.live().stream().sorted(reverseOrder()).limit(40).toList();
      newest.forEach(spool::entry);
      Path file = good().resolve("spool.mv");
      Files.write(file, new byte[(int) Files.size(file)]);

      Map<Long, SpoolEntry> contents = SpoolHistory.contents(spool);

      assertThat(contents).as("seed %d", seed).containsKeys(newest.toArray(Long[]::new));
      assertThat(contents.values()).as("seed %d", seed).allMatch(history::wrote);
    }
  }

  private static void commitSome(Spool spool, SpoolHistory past, Set<Long> since) {
    for (int i = 0; i < 5; i++) {
      Set<Long> appended = new HashSet<>();
      try {
        appended.add(past.append(spool));
        appended.add(past.append(spool));
        spool.commit();
        since.addAll(appended);
      } catch (SpoolException e) {
        assertThat(e.kind()).isEqualTo(SpoolException.Kind.DAMAGED);
        spool.recover();
      }
    }
  }
}
