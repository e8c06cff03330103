package io.github.httpreport.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashingTest {

  /** Computed by another program. Were they to change, every key would move on an upgrade. */
  @ParameterizedTest
  @CsvSource({
    "'', efd01f60ba992926",
    "a, 82a2a958a9bece5b",
    "foobar, 2c22194922d1672b",
    "http://10.0.0.1:46802, 80f227a5ef1cda29"
  })
  void of_knownText_isTheSameForEver(String text, String hash) {
    assertThat(Long.toHexString(Hashing.of(text))).isEqualTo(hash);
  }

  @Test
  void mix_oneBitFlipped_flipsHalfOfTheBits() {
    List<Integer> distances =
        IntStream.range(0, 64)
            .mapToObj(bit -> Long.bitCount(Hashing.mix(42) ^ Hashing.mix(42 ^ (1L << bit))))
            .toList();

    assertThat(distances).allSatisfy(distance -> assertThat(distance).isBetween(16, 48));
    assertThat(distances.stream().mapToInt(Integer::intValue).average().orElseThrow())
        .isBetween(30.0, 34.0);
  }
}
