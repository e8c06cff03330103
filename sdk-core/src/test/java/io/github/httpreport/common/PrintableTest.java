package io.github.httpreport.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

  private static final String LONG = "x".repeat(199);
  private static final String TWO_CHARS = "\uD83D\uDE00";

  @ParameterizedTest
  @ValueSource(strings = {"", "group", "a b", "日本語", "\"", "\\u000a", TWO_CHARS})
  void escaped_printableText_isTheSame(String text) {
    assertThat(Printable.escaped(text)).isEqualTo(text);
  }

  static Stream<Arguments> unprintable() {
    return Stream.of(
        Arguments.argumentSet("line end", "a\r\nb", "a\\u000d\\u000ab"),
        Arguments.argumentSet("tab", "a\tb", "a\\u0009b"),
        Arguments.argumentSet("delete", "a\u007fb", "a\\u007fb"),
        Arguments.argumentSet("next line", "a\u0085b", "a\\u0085b"),
        Arguments.argumentSet("line separator", "a\u2028b", "a\\u2028b"),
        Arguments.argumentSet("turned text", "a\u202eb", "a\\u202eb"),
        Arguments.argumentSet("half a pair", "a\uD800b", "a\\ud800b"),
        Arguments.argumentSet("hidden pair", "\uDB40\uDC41", "\\udb40\\udc41"));
  }

  @ParameterizedTest
  @MethodSource("unprintable")
  void escaped_textThatForgesOrHides_showsWhatItHolds(String text, String escaped) {
    assertThat(Printable.escaped(text)).isEqualTo(escaped);
  }

  @Test
  void quoted_longText_isCutBetweenCharacters() {
    assertThat(Printable.quoted(LONG + "yz")).isEqualTo('"' + LONG + "y...\"");
    assertThat(Printable.quoted(LONG + "y")).isEqualTo('"' + LONG + "y\"");
    assertThat(Printable.quoted(LONG + TWO_CHARS)).isEqualTo('"' + LONG + "...\"");
  }

  @Test
  void quoted_null_isNoQuote() {
    assertThat(Printable.quoted(null)).isEqualTo("null");
    assertThat(Printable.quoted("null\n")).isEqualTo("\"null\\u000a\"");
  }

  @Test
  void onOneLine_manyLines_hasSpacesBetween() {
    assertThat(Printable.onOneLine("a\r\nb\u202ec", 5)).isEqualTo("a  b ...");
    assertThat(Printable.onOneLine("a\nb", 3)).isEqualTo("a b");
  }
}
