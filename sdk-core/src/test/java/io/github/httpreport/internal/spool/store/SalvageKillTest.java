package io.github.httpreport.internal.spool.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.httpreport.node.Seed;
import io.github.httpreport.spool.SpoolException;
import io.github.httpreport.spool.SpoolSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The death of a process at each step of a salvage, as a copy of the directory at that time. */
@Timeout(300)
class SalvageKillTest {

  @TempDir private Path temp;

  private final long seed = Seed.next();
  private final SpoolHistory history = new SpoolHistory(seed);
  private final List<Path> copies = new ArrayList<>();

  private Path directory() {
    return temp.resolve("spool");
  }

  private void copy() {
    try {
      Path copy = temp.resolve("copy" + copies.size());
      SpoolHistory.copy(directory(), copy);
      copies.add(copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies the directory before and after each step. */
  private final class CopyingFiles extends SpoolFiles {
    @Override
    void create(Path file) throws IOException {
      super.create(file);
      copy();
    }

    @Override
    void move(Path from, Path to) throws IOException {
      copy();
      super.move(from, to);
      copy();
    }

    @Override
    void delete(Path file) throws IOException {
      copy();
      super.delete(file);
      copy();
    }
  }

  /** Opens the spool, with a copy at each step and at each write to a new file. */
  private Spool openCopying() {
    FailingDisk.register();
    FailingDisk.beforeWritingTo("spool-salvaged.mv", this::copy);
    try {
      return MvSpool.open(
          directory(), SpoolHistory.PROTOCOL, FailingDisk.SCHEME, new CopyingFiles());
    } finally {
      FailingDisk.full(false);
    }
  }

  private Set<Long> damage() throws IOException {
    Path store = directory().resolve("spool.mv");
    byte[] bytes = Files.readAllBytes(store);
    Arrays.fill(bytes, 0, 2 * Damage.BLOCK, (byte) 0);
    int middle = bytes.length / 2 / Damage.BLOCK * Damage.BLOCK;
    Arrays.fill(bytes, middle, middle + Damage.BLOCK, (byte) 0);
    Files.write(store, bytes);
    return history.intactIn(store);
  }

  @Test
  void open_killedAtAnyStepOfASalvage_keepsEveryIntactEntry() throws IOException {
    try (Spool spool = Spool.open(SpoolSettings.in(directory()), SpoolHistory.PROTOCOL)) {
      history.write(spool, 200);
    }
    Set<Long> intact = damage();

    Map<Long, SpoolEntry> whole;
    try (Spool spool = openCopying()) {
      whole = SpoolHistory.contents(spool);
    }

    assertThat(whole.keySet()).as("seed %d", seed).containsAll(intact);
    assertThat(copies).hasSizeGreaterThan(10);
    checkCopies(whole.keySet());
  }

  private void checkCopies(Set<Long> ids) throws IOException {
    for (Path copy : List.copyOf(copies)) {
      for (int start = 0; start < 2; start++) {
        try (Spool spool = Spool.open(SpoolSettings.in(copy), SpoolHistory.PROTOCOL)) {
          assertThat(SpoolHistory.contents(spool).keySet())
              .as("seed %d, %s, start %d", seed, copy.getFileName(), start)
              .containsExactlyInAnyOrderElementsOf(ids);
        }
      }
      assertThat(copy.resolve("spool-salvaged.mv")).doesNotExist();
      assertThat(copy.resolve("spool-leftover.mv")).doesNotExist();
    }
  }

  @Test
  void open_killedInTheSalvageOfEachStart_keepsEveryIntactEntry() throws IOException {
    try (Spool spool = Spool.open(SpoolSettings.in(directory()), SpoolHistory.PROTOCOL)) {
      history.write(spool, 200);
    }
    Set<Long> intact = damage();
    for (int start = 0; start < 4; start++) {
      copies.clear();
      openCopying().close();
      Path middle = copies.get(copies.size() / 2);
      MvSpoolTest.delete(directory());
      Files.move(middle, directory());
      for (Path copy : copies) {
        if (Files.exists(copy)) {
          MvSpoolTest.delete(copy);
        }
      }
      try (var files = Files.list(directory())) {
        assertThat(files.count()).as("files").isLessThanOrEqualTo(5);
      }
    }

    try (Spool spool = Spool.open(SpoolSettings.in(directory()), SpoolHistory.PROTOCOL)) {
      assertThat(SpoolHistory.contents(spool).keySet()).as("seed %d", seed).containsAll(intact);
    }
  }

  @Test
  void open_salvageCannotBeWritten_isTriedAgainAndLosesNothing() throws IOException {
    try (Spool spool = Spool.open(SpoolSettings.in(directory()), SpoolHistory.PROTOCOL)) {
      history.write(spool, 50);
    }
    Set<Long> intact = damage();
    FailingDisk.register();
    FailingDisk.fullFor("spool-salvaged.mv");
    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(SpoolException.class)
          .isThrownBy(() -> FailingDisk.open(SpoolSettings.in(directory()), SpoolHistory.PROTOCOL))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(SpoolException.Kind.UNUSABLE));
      assertThat(directory().resolve("spool-salvaged.mv")).doesNotExist();
      assertThat(directory().resolve("spool-damaged-1.mv")).doesNotExist();
    }
    FailingDisk.full(false);

    try (Spool spool = FailingDisk.open(SpoolSettings.in(directory()), SpoolHistory.PROTOCOL)) {
      assertThat(SpoolHistory.contents(spool).keySet()).as("seed %d", seed).containsAll(intact);
    }
  }
}
