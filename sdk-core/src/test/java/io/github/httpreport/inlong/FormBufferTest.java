package io.github.httpreport.inlong;

import static java.lang.Long.MAX_VALUE;
import static java.lang.Long.MIN_VALUE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormBufferTest {

  @Test
  void plain_thenEncoded_standOneAfterTheOther() {
    FormBuffer buffer =
        new FormBuffer().plain("a;b=").encoded("c;d", FormEncoder.STANDARD).plain("&");

    assertThat(buffer.toBytes()).asString(US_ASCII).isEqualTo("a;b=c%3Bd&");
    assertThat(buffer.size()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 9, 10, 99, 100, 1_763_712_000_123L, MAX_VALUE, -1, MIN_VALUE})
  void number_any_standsAsItsDigitsAtAnyFill(long value) {
    for (int fill = 1_000; fill < 1_030; fill++) {
      String before = "x".repeat(fill);

      FormBuffer buffer = new FormBuffer().plain(before).number(value).plain("&");

      assertThat(buffer.toBytes()).asString(US_ASCII).isEqualTo(before + value + "&");
    }
  }

  @Test
  void plain_manyPieces_growsInFewSteps() {
    FormBuffer buffer = new FormBuffer();
    Set<Integer> capacities = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      buffer.plain("x");
      capacities.add(buffer.capacity());
    }

    assertThat(buffer.toBytes()).hasSize(100_000).containsOnly('x');
    assertThat(capacities).hasSizeLessThan(10);
    assertThat(buffer.capacity()).isLessThan(200_000);
  }

  @ParameterizedTest
  @EnumSource
  void encoded_longText_asksForRoomOfAChunkMoreAtMost(FormEncoding encoding) {
    FormEncoder encoder = FormEncoder.of(encoding);
    FormBuffer buffer = new FormBuffer();

    buffer.encoded("x".repeat(1_000_000), encoder);

    assertThat(buffer.size()).isEqualTo(1_000_000);
    assertThat(buffer.capacity()).isLessThan(2_000_000 + encoder.longest(FormBuffer.CHUNK + 1) + 8);
  }

  @ParameterizedTest
  @EnumSource
  void encoded_textsOfTheLongestCharacters_fitAtAnyFill(FormEncoding encoding) {
    FormEncoder encoder = FormEncoder.of(encoding);
    for (int fill = 0; fill < 1_100; fill++) {
      FormBuffer buffer = new FormBuffer().plain("x".repeat(fill));

      buffer.encoded("\uffff", encoder);

      assertThat(buffer.size()).isEqualTo(fill + encoder.longest(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void encoded_pairAcrossAChunkOfTheLongestCharacters_fits(FormEncoding encoding) {
    FormEncoder encoder = FormEncoder.of(encoding);
    String text = "\uffff".repeat(FormBuffer.CHUNK - 1) + "\uD83D\uDE00";

    FormBuffer buffer = new FormBuffer().encoded(text, encoder);

    assertThat(buffer.toBytes()).hasSize(Math.toIntExact(encoder.encodedLength(text)));
  }
}
