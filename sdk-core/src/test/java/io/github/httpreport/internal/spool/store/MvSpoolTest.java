package io.github.httpreport.internal.spool.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.httpreport.Destination;
import io.github.httpreport.node.Seed;
import io.github.httpreport.spool.SpoolException;
import io.github.httpreport.spool.SpoolException.Kind;
import io.github.httpreport.spool.SpoolSettings;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store as its disk: what is kept, in whatever state it is found again. */
class MvSpoolTest {

  private static final String PROTOCOL = "InLong";
  private static final int SIZE = 10_000;

  @TempDir private Path temp;

  private final List<Spool> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(Spool::close);
  }

  private Path directory() {
    return temp.resolve("some/where");
  }

  private Path store() {
    return directory().resolve("spool.mv");
  }

  private Spool open() {
    return open(PROTOCOL);
  }

  private Spool open(String protocol) {
    Spool spool = Spool.open(SpoolSettings.in(directory()), protocol);
    opened.add(spool);
    return spool;
  }

  private static SpoolEntry entry(int number) {
    byte[] body = new byte[SIZE];
    new Random(number).nextBytes(body);
    return new SpoolEntry(
        new Destination("group", "s" + number),
        Instant.ofEpochMilli(1_000_000 + number),
        body,
        3,
        new int[] {10, 20});
  }

  private static int numberOf(SpoolEntry entry) {
    int number = Integer.parseInt(entry.destination().streamId().substring(1));
    assertThat(EntryCodec.encode(1, entry)).isEqualTo(EntryCodec.encode(1, entry(number)));
    return number;
  }

  private static void fill(Spool spool, int from, int to) {
    for (int i = from; i < to; i++) {
      spool.append(entry(i));
    }
    spool.commit();
  }

  /** What stands in it, in order, checked to be what was written. */
  private static List<Integer> contents(Spool spool) {
    List<Integer> numbers = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    Optional<Spool.Stored> next = spool.oldest(id -> true);
    while (next.isPresent()) {
      seen.add(next.get().id());
      numbers.add(numberOf(next.get().entry()));
      next = spool.oldest(id -> !seen.contains(id));
    }
    return numbers;
  }

  private static SpoolEntry entryOf(String groupId, int number) {
    SpoolEntry any = entry(number);
    return new SpoolEntry(
        new Destination(groupId, "s" + number),
        any.acceptedAt(),
        any.body(),
        any.firstMessage(),
        any.messageEnds());
  }

  @Test
  void heads_severalGroups_areListedInOrderFromAnId() {
    Spool spool = open();
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(spool.append(entryOf(i % 2 == 0 ? "even" : "\uD800", i)));
    }
    spool.commit();

    assertThat(spool.heads(0, 10)).extracting(Spool.Head::id).isEqualTo(ids);
    assertThat(spool.heads(ids.get(1), 2))
        .containsExactly(new Spool.Head(ids.get(1), "\uD800"), new Spool.Head(ids.get(2), "even"));
    assertThat(spool.heads(ids.get(4) + 1, 2)).isEmpty();
    assertThat(spool.entry(ids.get(3)).orElseThrow().destination().streamId()).isEqualTo("s3");
    spool.remove(ids.get(3));
    assertThat(spool.entry(ids.get(3))).isEmpty();
  }

  @Test
  void oldest_afterAppends_isTheFirst() {
    Spool spool = open();
    fill(spool, 0, 3);

    assertThat(contents(spool)).containsExactly(0, 1, 2);
    assertThat(spool.oldestTime()).contains(entry(0).acceptedAt());
    assertThat(spool.messages()).isEqualTo(6);
    assertThat(spool.bytes()).isEqualTo(3L * entry(0).size());
  }

  @Test
  void remove_entry_isGoneAndCounted() {
    Spool spool = open();
    fill(spool, 0, 3);
    long first = spool.oldest(id -> true).orElseThrow().id();

    spool.remove(first);
    spool.remove(first);
    spool.commit();

    assertThat(contents(spool)).containsExactly(1, 2);
    assertThat(spool.messages()).isEqualTo(4);
    assertThat(spool.messagesFrom(first + 2)).isEqualTo(2);
  }

  @Test
  void open_afterClose_findsWhatWasCommittedAndNothingElse() {
    Spool spool = open();
    fill(spool, 0, 2);
    long next = spool.nextId();
    spool.append(entry(2));
    spool.close();

    Spool again = open();

    assertThat(contents(again)).containsExactly(0, 1);
    assertThat(again.messages()).isEqualTo(4);
    assertThat(again.nextId()).isEqualTo(next);
  }

  @Test
  void open_whileAnotherHasIt_isRefused() {
    open();

    assertThatExceptionOfType(SpoolException.class)
        .isThrownBy(this::open)
        .withMessageContaining(directory().toString())
        .withMessageContaining("in use")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.IN_USE));
  }

  @Test
  void open_ofAnotherProtocol_isRefusedByName() {
    Spool spool = open();
    fill(spool, 0, 2);
    spool.close();

    assertThatExceptionOfType(SpoolException.class)
        .isThrownBy(() -> open("Memphis"))
        .withMessageContaining("4 messages")
        .withMessageContaining("InLong")
        .withMessageContaining("Memphis")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.OTHER_PROTOCOL));
    assertThat(contents(open())).containsExactly(0, 1);
  }

  @Test
  void open_ofAnotherProtocolAndEmpty_isTaken() {
    open().close();
    Spool spool = open("Memphis");
    fill(spool, 0, 1);
    spool.close();

    assertThatExceptionOfType(SpoolException.class).isThrownBy(this::open);
  }

  @Test
  void files_areTheirOwnersOnly() throws IOException {
    fill(open(), 0, 1);

    assertThat(Files.getPosixFilePermissions(directory()))
        .containsExactlyInAnyOrder(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE);
    assertFilesAreTheirOwnersOnly(2);
  }

  private void assertFilesAreTheirOwnersOnly(int count) throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      assertThat(files)
          .hasSize(count)
          .allSatisfy(
              file ->
                  assertThat(Files.getPosixFilePermissions(file))
                      .containsExactlyInAnyOrder(
                          PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }
  }

  @Test
  void files_writtenAnewEmptiedOrSetAside_areTheirOwnersOnly() throws IOException {
    Spool spool = open();
    leaveTheLastOf(spool, 1_000);
    assertThat(Files.size(store())).as("written anew").isLessThan(1 << 20);
    assertFilesAreTheirOwnersOnly(2);

    leaveTheLastOf(spool, 1);
    List<Long> ids = IntStream.range(0, 1_000).mapToObj(i -> spool.append(entry(i))).toList();
    spool.commit();
    spool.oldest(id -> true).ifPresent(stored -> spool.remove(stored.id()));
    spool.oldest(id -> true).ifPresent(stored -> spool.remove(stored.id()));
    ids.forEach(spool::remove);
    spool.commit();
    assertThat(spool.messages()).isZero();
    assertThat(Files.size(store())).as("emptied").isLessThan(1 << 20);
    assertFilesAreTheirOwnersOnly(2);

    spool.close();
    Files.write(store(), new byte[10_000]);
    fill(open(), 0, 1);
    assertThat(directory().resolve("spool-damaged-1.mv")).exists();
    assertFilesAreTheirOwnersOnly(3);
  }

  @Test
  void entry_withABadByte_isSetAsideAndTheOthersAreKept() throws IOException {
    fill(open(), 0, 20);
    opened.get(0).close();
    damageBodyOf(7);

    Spool spool = open();
    assertThatExceptionOfType(SpoolException.class)
        .isThrownBy(() -> contents(spool))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED));
    spool.recover();

    assertThat(contents(spool)).hasSize(19).doesNotContain(7).isSorted();
    assertThat(spool.messages()).isEqualTo(38);
    assertThat(directory().resolve("spool-damaged-1.mv")).exists();
  }

  /** Turns a byte in the middle of the body of an entry, wherever the store has it. */
  private void damageBodyOf(int number) throws IOException {
    byte[] file = Files.readAllBytes(store());
    byte[] wanted = Arrays.copyOf(entry(number).body(), 16);
    boolean found = false;
    for (int i = 0; i < file.length - SIZE; i++) {
      if (Arrays.equals(file, i, i + wanted.length, wanted, 0, wanted.length)) {
        file[i + SIZE / 2] ^= 1;
        found = true;
      }
    }
    assertThat(found).isTrue();
    Files.write(store(), file);
  }

  @Test
  void open_whateverHappenedToTheFile_servesWhatItCanAndTakesMore() throws IOException {
    long seed = Seed.next();
    Random random = new Random(seed);
    Spool first = open();
    for (int i = 0; i < 60; i += 5) {
      fill(first, i, i + 5);
    }
    byte[] good = Files.readAllBytes(store());
    first.close();
    int mostKept = 0;
    for (int round = 0; round < 30; round++) {
      Files.write(store(), damaged(good, random));

      Spool spool = open();
      List<Integer> kept = salvaged(spool);
      spool.append(entry(1_000));
      spool.commit();

      assertThat(kept).as("seed %d round %d", seed, round).isSorted().doesNotHaveDuplicates();
      assertThat(contents(spool)).as("seed %d round %d", seed, round).contains(1_000);
      mostKept = Math.max(mostKept, kept.size());
      spool.close();
    }
    assertThat(mostKept).as("seed %d", seed).isGreaterThanOrEqualTo(50);
  }

  @Test
  void recover_anyPageOfEntriesIsBad_keepsThoseBeforeAndBehindIt() throws IOException {
    fill(open(), 0, 40);
    opened.get(0).close();
    byte[] good = Files.readAllBytes(store());
    for (int number = 10; number < 30; number++) {
      byte[] bad = good.clone();
      int body = indexOf(bad, Arrays.copyOf(entry(number).body(), 16));
      Arrays.fill(bad, body - 150, body, (byte) 0x55);
      Files.write(store(), bad);

      try (Spool spool = open()) {
        assertThat(salvaged(spool)).as("page of entry %d", number).contains(0, 1, 38, 39);
      }
    }
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    int i = 0;
    while (!Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
      i++;
    }
    return i;
  }

  private static List<Integer> salvaged(Spool spool) {
    try {
      return contents(spool);
    } catch (SpoolException e) {
      assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
      spool.recover();
      return contents(spool);
    }
  }

  private static byte[] damaged(byte[] good, Random random) {
    byte[] bad = good.clone();
    switch (random.nextInt(3)) {
      case 0 -> {
        return Arrays.copyOf(bad, random.nextInt(bad.length));
      }
      case 1 -> {
        byte[] garbage = new byte[1 + random.nextInt(20_000)];
        random.nextBytes(garbage);
        System.arraycopy(
            garbage, 0, bad, random.nextInt(bad.length - garbage.length), garbage.length);
      }
      default -> bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bad;
  }

  @Test
  void commit_directoryRemoved_isNoticedAndWhatWasInItGoesOn() throws IOException {
    Spool spool = open();
    fill(spool, 0, 5);
    delete(directory());

    spool.append(entry(5));
    assertThatExceptionOfType(SpoolException.class)
        .isThrownBy(spool::commit)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED));
    spool.recover();

    assertThat(contents(spool)).containsExactly(0, 1, 2, 3, 4, 5);
    spool.close();
    assertThat(contents(open())).containsExactly(0, 1, 2, 3, 4, 5);
  }

  static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException error)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Test
  void commit_diskFull_keepsWhatWasCommittedBefore() {
    FailingDisk.register();
    Spool spool = FailingDisk.open(SpoolSettings.in(directory()), PROTOCOL);
    opened.add(spool);
    fill(spool, 0, 5);
    FailingDisk.full(true);

    spool.append(entry(5));
    assertThatExceptionOfType(SpoolException.class)
        .isThrownBy(spool::commit)
        .withMessageEndingWith("spool.mv: No space left on device")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE));
    FailingDisk.full(false);
    spool.recover();
    fill(spool, 6, 7);

    assertThat(contents(spool)).containsExactly(0, 1, 2, 3, 4, 6);
    assertThat(spool.messages()).isEqualTo(12);
    assertThat(spool.bytes()).isEqualTo(6L * entry(0).size());
  }

  private static void failToCommit(Spool spool, int number) {
    spool.append(entry(number));
    FailingDisk.full(true);
    assertThatExceptionOfType(SpoolException.class)
        .isThrownBy(spool::commit)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE));
    FailingDisk.full(false);
  }

  /** The disk lets the store be opened, and refuses the next commit, again and again. */
  @Test
  void recover_commitFailedSeveralTimes_fileIsNotTakenForDamaged() throws IOException {
    FailingDisk.register();
    Spool spool = FailingDisk.open(SpoolSettings.in(directory()), PROTOCOL);
    opened.add(spool);
    fill(spool, 0, 5);

    for (int i = 5; i < 8; i++) {
      failToCommit(spool, i);
      spool.recover();
      assertThat(contents(spool)).containsExactly(0, 1, 2, 3, 4);
    }
    failToCommit(spool, 8);
    spool.close();

    try (Spool next = open()) {
      assertThat(contents(next)).containsExactly(0, 1, 2, 3, 4);
    }
    assertThat(directory()).isDirectoryNotContaining("glob:**spool-*.mv");
  }

  @Test
  void open_fileCutAnywhere_isDamagedAndNotUnusable() throws IOException {
    fill(open(), 0, 3);
    opened.get(0).close();
    byte[] good = Files.readAllBytes(store());
    for (int length : new int[] {1, 3_028, 4_096, 8_191, 8_192, 10_000, good.length - 1}) {
      Files.write(store(), Arrays.copyOf(good, length));

      try (Spool spool = open()) {
        assertThat(salvaged(spool)).as("cut to %d bytes", length).isSorted();
      }
    }
  }

  private long mostOnDisk(Spool spool) {
    return 2 * spool.bytes() + (8 << 20);
  }

  @Test
  void commit_muchGoesThroughASmallSpool_fileStaysWithinItsBound() throws IOException {
    Spool spool = open();
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      ids.add(spool.append(entry(i)));
      if (ids.size() > 40) {
        spool.remove(ids.remove(0));
      }
      spool.commit();
      // 200 MB go through, 0.4 MB stay.
      assertThat(Files.size(store())).isLessThan(mostOnDisk(spool));
    }

    assertThat(contents(spool)).containsExactlyElementsOf(range(20_000 - 40, 20_000));
    spool.close();
    assertThat(contents(open())).containsExactlyElementsOf(range(20_000 - 40, 20_000));
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  @Test
  void commit_oneEntryOfManyStays_fileStaysWithinItsBound() throws IOException {
    long seed = Seed.next();
    Random random = new Random(seed);
    Spool spool = open();
    List<Integer> left = new ArrayList<>();
    List<Long> leaving = new ArrayList<>();
    for (int i = 0; i < 12_000; i += 100) {
      int stays = i + random.nextInt(100);
      left.add(stays);
      for (int number = i; number < i + 100; number++) {
        long id = spool.append(entry(number));
        if (number != stays) {
          leaving.add(id);
        }
      }
      spool.commit();
      assertThat(Files.size(store())).as("seed %d", seed).isLessThan(mostOnDisk(spool));
      leaving.forEach(spool::remove);
      leaving.clear();
      spool.commit();
      assertThat(Files.size(store())).as("seed %d", seed).isLessThan(mostOnDisk(spool));
    }

    assertThat(contents(spool)).as("seed %d", seed).isEqualTo(left);
    spool.close();
    assertThatExceptionOfType(SpoolException.class)
        .isThrownBy(() -> open("Memphis"))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.OTHER_PROTOCOL));
    Spool again = open();
    assertThat(contents(again)).as("seed %d", seed).isEqualTo(left);
    assertThat(again.messages()).isEqualTo(2L * left.size());
    assertThat(again.bytes()).isEqualTo(left.stream().mapToLong(n -> entry(n).size()).sum());
  }

  @Test
  void commit_manySmallEntries_fileStaysWithinItsBound() throws IOException {
    Spool spool = open();
    for (int i = 0; i < 150_000; i++) {
      spool.append(
          new SpoolEntry(
              new Destination("g", "s"), Instant.EPOCH, new byte[] {1}, 0, new int[] {1}));
      if (i % 100 == 0) {
        spool.commit();
        assertThat(Files.size(store())).isLessThan(mostOnDisk(spool));
      }
    }
  }

  @Test
  void commit_noRoomToWriteItAnew_goesOnWithTheOldFile() throws IOException {
    FailingDisk.register();
    Spool spool = FailingDisk.open(SpoolSettings.in(directory()), PROTOCOL);
    opened.add(spool);
    FailingDisk.fullFor("spool-rewritten.mv");

    leaveTheLastOf(spool, 2_000);

    assertThat(contents(spool)).containsExactly(1_999);
    assertThat(Files.size(store())).isGreaterThan(mostOnDisk(spool));
    assertThat(directory().resolve("spool-rewritten.mv")).doesNotExist();
    FailingDisk.full(false);
    leaveTheLastOf(spool, 4_000);
    assertThat(contents(spool)).containsExactly(1_999, 3_999);
    assertThat(Files.size(store())).isLessThan(mostOnDisk(spool));
  }

  private static void leaveTheLastOf(Spool spool, int number) {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      ids.add(spool.append(entry(i)));
    }
    spool.commit();
    ids.subList(0, number - 1).forEach(spool::remove);
    spool.commit();
  }

  @Test
  void open_killedWhileItWasWrittenAnew_takesTheOldFile() throws IOException {
    fill(open(), 0, 3);
    opened.get(0).close();
    Path rewritten = directory().resolve("spool-rewritten.mv");
    Files.write(rewritten, new byte[100_000]);

    assertThat(contents(open())).containsExactly(0, 1, 2);
    assertThat(rewritten).doesNotExist();
  }

  @Test
  void commit_largeSpoolEmptied_givesTheSpaceBack() throws IOException {
    Spool spool = open();
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      ids.add(spool.append(entry(i)));
    }
    spool.commit();
    assertThat(Files.size(store())).isGreaterThan(40_000_000);
    long next = spool.nextId();

    ids.forEach(spool::remove);
    spool.commit();
    assertThat(Files.size(store())).isLessThan(1 << 20);
    fill(spool, 0, 1);

    assertThat(contents(spool)).containsExactly(0);
    assertThat(spool.nextId()).isEqualTo(next + 1);
    spool.close();
    assertThat(contents(open())).containsExactly(0);
  }
}
