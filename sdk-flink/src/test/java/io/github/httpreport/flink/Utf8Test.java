package io.github.httpreport.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ü", "€", "😀", "\uFFFD", "a😀€üb"})
  void decode_text_isUnchanged(String text) {
    assertThat(Utf8.decode(text.getBytes(UTF_8))).isEqualTo(text);
  }

  @Test
  void decode_otherBytes_areRefusedWithoutBeingShown() {
    byte[] latin = {'s', 'e', 'c', 'r', 'e', 't', (byte) 0xFC};

    assertThatThrownBy(() -> Utf8.decode(latin))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageContaining("7 bytes")
        .hasMessageNotContaining("secret");
  }

  @Test
  void length_ofRandomText_isThatOfItsBytes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      String text =
          random
              .ints(random.nextInt(20), 1, Character.MAX_CODE_POINT)
              .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();

      assertThat(Utf8.length(text)).as("seed %d", seed).isEqualTo(text.getBytes(UTF_8).length);
    }
  }
}
