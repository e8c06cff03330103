package io.github.httpreport.internal.spool.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.httpreport.Destination;
import io.github.httpreport.node.Seed;
import io.github.httpreport.spool.SpoolException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written is read, and nothing else is. */
class EntryCodecTest {

  @Test
  void decode_whatWasEncoded_isTheSame() {
    long seed = Seed.next();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      SpoolEntry entry = entry(random);

      byte[] bytes = EntryCodec.encode(7, entry);

      assertThat(bytes).as("seed %d", seed).hasSize(entry.size());
      assertThat(EntryCodec.decode(7, bytes))
          .as("seed %d", seed)
          .usingRecursiveComparison()
          .isEqualTo(entry);
    }
  }

  @Test
  void decode_anyBitTurned_isRefused() {
    byte[] good = EntryCodec.encode(7, entry(new Random(1)));
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));

      assertThatExceptionOfType(SpoolException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> EntryCodec.decode(7, bad))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(SpoolException.Kind.DAMAGED));
    }
  }

  @Test
  void decode_anyEndMissing_isRefused() {
    byte[] good = EntryCodec.encode(7, entry(new Random(1)));
    for (int length = 0; length < good.length; length++) {
      byte[] bad = Arrays.copyOf(good, length);

      assertThatExceptionOfType(SpoolException.class)
          .as("length %d", length)
          .isThrownBy(() -> EntryCodec.decode(7, bad));
    }
  }

  private static SpoolEntry entry(Random random) {
    byte[] body = new byte[random.nextInt(300)];
    random.nextBytes(body);
    return new SpoolEntry(
        new Destination("group \u00e9\u4e16" + random.nextInt(), "\ud83d\ude00 half \ud83d"),
        Instant.ofEpochMilli(random.nextLong(1L << 42)),
        body,
        random.nextInt(100),
        random.ints(1 + random.nextInt(20)).toArray());
  }
}
