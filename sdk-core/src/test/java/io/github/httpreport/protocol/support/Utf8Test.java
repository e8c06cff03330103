package io.github.httpreport.protocol.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "\u007f\u0080", "\u07ff\u0800", "\u6570\u636e", "a\uD83D\uDE00b\uffff"})
  void length_wellFormedText_isThatOfItsBytes(String text) {
    assertThat(Utf8.length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    assertThat(Utf8.unpairedSurrogate(text)).isEqualTo(-1);
    assertThatCode(() -> Utf8.check(text)).doesNotThrowAnyException();
  }

  /** Written with numbers, because a source file cannot hold these texts. */
  @ParameterizedTest
  @CsvSource({"d83d, 0", "61 d83d, 1", "de00 d83d, 0", "d83d de00 de00, 2", "d83d d83d de00, 0"})
  void unpairedSurrogate_halfAPair_isFound(String chars, int index) {
    StringBuilder text = new StringBuilder();
    for (String hex : chars.split(" ", -1)) {
      text.append((char) Integer.parseInt(hex, 16));
    }

    assertThat(Utf8.unpairedSurrogate(text.toString())).isEqualTo(index);
  }

  @Test
  void check_halfAPair_isRefusedAndSaysWhere() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Utf8.check("canary" + (char) 0xd800))
        .withMessage("holds half a surrogate pair at index 6, which UTF-8 cannot carry");
  }
}
