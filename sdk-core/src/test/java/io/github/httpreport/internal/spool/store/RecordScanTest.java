package io.github.httpreport.internal.spool.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Destination;
import io.github.httpreport.node.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records are found wherever they stand, and nothing is taken for one. */
class RecordScanTest {

  @TempDir private Path temp;

  private final long seed = Seed.next();
  private final Random random = new Random(seed);

  private byte[] record(long id, int body) {
    byte[] bytes = new byte[body];
    random.nextBytes(bytes);
    return record(id, bytes);
  }

  private static byte[] record(long id, byte[] body) {
    return EntryCodec.encode(
        id, new SpoolEntry(new Destination("g", "s"), Instant.EPOCH, body, 0, new int[] {1}));
  }

  private List<Long> found(byte[] bytes) throws IOException {
    Path file = temp.resolve("file");
    Files.write(file, bytes);
    List<Long> ids = new ArrayList<>();
    RecordScan.of(file.toString(), (header, record) -> ids.add(header.id()));
    return ids;
  }

  @Test
  void of_recordsOfAnySizeBetweenAnything_findsEach() throws IOException {
    for (int round = 0; round < 5; round++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      List<Long> written = new ArrayList<>();
      for (long id = 0; id < 60; id++) {
        byte[] garbage = new byte[random.nextInt(50_000)];
        random.nextBytes(garbage);
        bytes.write(garbage);
        bytes.write(record(id, random.nextInt(random.nextInt(8) == 0 ? 1_500_000 : 50_000)));
        written.add(id);
      }

      assertThat(found(bytes.toByteArray())).as("seed %d", seed).isEqualTo(written);
    }
  }

  @Test
  void of_recordCutOrTooShort_findsNone() throws IOException {
    byte[] record = record(1, 500);
    for (int length = 0; length < record.length; length++) {
      assertThat(found(Arrays.copyOf(record, length))).as("%d bytes", length).isEmpty();
    }
    assertThat(found(record)).containsExactly(1L);
  }

  @Test
  void of_anyByteChanged_findsNone() throws IOException {
    byte[] good = record(1, 100);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 + random.nextInt(255));

      assertThat(found(bad)).as("seed %d byte %d", seed, i).isEmpty();
    }
  }

  @Test
  void of_recordInTheBodyOfAnother_isPartOfTheBody() throws IOException {
    assertThat(found(record(1, record(2, 100)))).containsExactly(1L);
  }
}
