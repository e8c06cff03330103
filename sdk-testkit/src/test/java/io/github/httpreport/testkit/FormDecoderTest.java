package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.net.URLEncoder;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FormDecoderTest {

  private final FormDecoder decoder = new FormDecoder();

  private Map<String, String> fields(String form) throws BadEscapeException {
    byte[] bytes = form.getBytes(UTF_8);
    return decoder.form(bytes, bytes.length);
  }

  private String value(byte... bytes) throws BadEscapeException {
    byte[] form = Reply.concat("a=".getBytes(UTF_8), bytes);
    return decoder.form(form, form.length).getOrDefault("a", "missing");
  }

  @Test
  void fields_randomText_isWhatTheJdkEncoded() throws BadEscapeException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String text = text(random);
      String encoded = URLEncoder.encode(text, UTF_8);

      assertThat(fields("a=" + encoded + "&b=x")).as("seed %d", seed).containsEntry("a", text);
    }
  }

  @Test
  void fields_randomTextRawButForWhatTheDecoderNeeds_isTheSame() throws BadEscapeException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String text = text(random);
      String raw =
          text.replace("%", "%25")
              .replace("&", "%26")
              .replace(";", "%3B")
              .replace("#", "%23")
              .replace("+", "%2b");

      assertThat(fields("a=" + raw)).as("seed %d", seed).containsEntry("a", text);
    }
  }

  private static String text(Random random) {
    int[] points = new int[random.nextInt(40)];
    for (int i = 0; i < points.length; i++) {
      int point = random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0x11000);
      points[i] = point >= 0xD800 && point <= 0xDFFF ? '%' : point;
    }
    return new String(points, 0, points.length);
  }

  @Test
  void fields_separatorsAndEmptyNames_areReadLikeTheRealServerReadsThem()
      throws BadEscapeException {
    assertThat(fields("a=1;b=2&c&=d=3&&a=4"))
        .containsOnly(entry("a", "1"), entry("b", "2"), entry("c", ""), entry("d", "3"));
    assertThat(fields("?a=1#b=2")).containsOnly(entry("a", "1"));
    assertThat(fields("a=b=c")).containsOnly(entry("a", "b=c"));
    assertThat(fields("")).isEmpty();
  }

  @Test
  void fields_invalidUtf8_becomesTheReplacementCharacter() throws BadEscapeException {
    assertThat(value((byte) 0xff, (byte) 'x')).isEqualTo("\ufffdx");
    assertThat(fields("a=%ffx")).containsEntry("a", "\ufffdx");
    assertThat(fields("a=%E4%B8%AD")).containsEntry("a", "\u4e2d");
  }

  @Test
  void fields_characterHalfRawAndHalfEscaped_isTwoBrokenOnes() throws BadEscapeException {
    assertThat(value((byte) 0xe4, (byte) '%', (byte) 'B', (byte) '8', (byte) 'x'))
        .isEqualTo("\ufffd\ufffdx");
  }

  @Test
  void fields_badEscape_isNamedWithItsPlace() {
    assertThatThrownBy(() -> fields("a=\u4e2d%4"))
        .hasMessage("unterminated escape sequence at index 3 of: a=\u4e2d%4");
    assertThatThrownBy(() -> fields("%G0=1"))
        .hasMessage("invalid hex byte 'G0' at index 1 of '%G0=1'");
  }

  @Test
  void path_plusSign_staysOne() throws BadEscapeException {
    assertThat(decoder.path("/a+b%20c")).isEqualTo("/a+b c");
  }
}
