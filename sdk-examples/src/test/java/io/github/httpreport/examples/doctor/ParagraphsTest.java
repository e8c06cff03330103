package io.github.httpreport.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParagraphsTest {

  @Test
  void print_longText_hangsBelowItsFirstLine() {
    assertThat(printed(20, "  ok  ", "      ", "one two three four five"))
        .containsExactly("  ok  one two three", "      four five");
  }

  @Test
  void print_wordWiderThanTheLine_isCut() {
    assertThat(printed(20, "", "  ", "x".repeat(40) + " end"))
        .containsExactly("x".repeat(18), "  " + "x".repeat(18), "  xxxx end");
  }

  @Test
  void print_lineNarrowerThanItsMargin_holdsSomeTextNevertheless() {
    assertThat(printed(5, " ".repeat(9), " ".repeat(9), "0123456789ab"))
        .containsExactly(" ".repeat(9) + "0123456789", " ".repeat(9) + "ab");
  }

  private static List<String> printed(int columns, String first, String next, String text) {
    StringWriter out = new StringWriter();
    new Paragraphs(new PrintWriter(out), columns).print(first, next, text);
    return out.toString().lines().toList();
  }
}
