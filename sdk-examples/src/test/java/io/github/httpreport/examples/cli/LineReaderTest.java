package io.github.httpreport.examples.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {

  @Test
  void next_severalLines_givesEachWithItsNumber() throws IOException {
    assertThat(linesOf("a\nb c\n\nd"))
        .containsExactly(
            new Line.TextLine(1, "a"),
            new Line.TextLine(2, "b c"),
            new Line.TextLine(3, ""),
            new Line.TextLine(4, "d"));
  }

  @Test
  void next_newlineAtTheEnd_startsNoFurtherLine() throws IOException {
    assertThat(linesOf("a\n")).containsExactly(new Line.TextLine(1, "a"));
    assertThat(linesOf("\n")).containsExactly(new Line.TextLine(1, ""));
    assertThat(linesOf("")).isEmpty();
  }

  @Test
  void next_carriageReturns_areDroppedBeforeANewlineOnly() throws IOException {
    assertThat(linesOf("a\r\nb\rc\r\r\nd\r"))
        .containsExactly(
            new Line.TextLine(1, "a"), new Line.TextLine(2, "b\rc\r"), new Line.TextLine(3, "d\r"));
  }

  @Test
  void next_wrongBytes_areNamedByTheOffsetOfTheFirst() throws IOException {
    List<Line> lines = linesOf("ok\n茶\u00e9".getBytes(UTF_8), "\u00ff!\nnext".getBytes(ISO_8859_1));
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1))
        .isInstanceOfSatisfying(
            Line.NotUtf8.class,
            bad -> {
              assertThat(bad.number()).isEqualTo(2);
              assertThat(bad.offset()).isEqualTo(8);
              assertThat(bad.bytes()).endsWith('\u00ff', '!').hasSize(7);
            });
    assertThat(lines.get(2)).isEqualTo(new Line.TextLine(3, "next"));
  }

  @Test
  void next_characterCutOffAtTheEnd_isNotUtf8() throws IOException {
    byte[] cut = {'a', (byte) 0xe8, (byte) 0x8c};
    assertThat(linesOf(cut))
        .singleElement()
        .isInstanceOfSatisfying(Line.NotUtf8.class, bad -> assertThat(bad.offset()).isEqualTo(1));
  }

  @Test
  void next_surrogatesAndOverlongForms_areNotUtf8() throws IOException {
    byte[] surrogate = {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
    byte[] overlong = {(byte) 0xc0, (byte) 0xaf};
    assertThat(linesOf(surrogate)).singleElement().isInstanceOf(Line.NotUtf8.class);
    assertThat(linesOf(overlong)).singleElement().isInstanceOf(Line.NotUtf8.class);
  }

  @Test
  void next_lineOverTheLimit_isMeasuredAndSkipped() throws IOException {
    LineReader reader = readerOf(("a\n" + "x".repeat(200_000) + "\nb").getBytes(UTF_8), 100);
    assertThat(all(reader))
        .containsExactly(
            new Line.TextLine(1, "a"), new Line.TooLong(2, 2, 200_000), new Line.TextLine(3, "b"));
  }

  @Test
  void next_lineAtTheLimit_isRead() throws IOException {
    assertThat(all(readerOf("x".repeat(100).getBytes(UTF_8), 100)))
        .containsExactly(new Line.TextLine(1, "x".repeat(100)));
    assertThat(all(readerOf("x".repeat(101).getBytes(UTF_8), 100)))
        .containsExactly(new Line.TooLong(1, 0, 101));
  }

  @Test
  void offset_behindEachLine_countsWhatEndedIt() throws IOException {
    LineReader reader = readerOf("a\r\n茶\nb".getBytes(UTF_8), 100);
    List<Long> offsets = new ArrayList<>();
    while (reader.next() != null) {
      offsets.add(reader.offset());
    }
    assertThat(offsets).containsExactly(3L, 7L, 8L);
  }

  @Test
  void next_inputInRandomPieces_givesTheSameLines() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      List<String> expected = new ArrayList<>();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int i = random.nextInt(300); i > 0; i--) {
        String line = SampleLines.line(random.nextInt(1000)).repeat(random.nextInt(30));
        expected.add(line);
        bytes.writeBytes((line + (random.nextBoolean() ? "\n" : "\r\n")).getBytes(UTF_8));
      }
      InputStream pieces = new Pieces(bytes.toByteArray(), random);
      List<String> texts = new ArrayList<>();
      for (Line line : all(new LineReader(pieces))) {
        texts.add(((Line.TextLine) line).text());
      }
      assertThat(texts).as("seed %d, round %d", seed, round).isEqualTo(expected);
    }
  }

  private static List<Line> linesOf(String text) throws IOException {
    return linesOf(text.getBytes(UTF_8));
  }

  private static List<Line> linesOf(byte[]... parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return all(readerOf(bytes.toByteArray(), LineReader.MAX_LINE_BYTES));
  }

  private static LineReader readerOf(byte[] bytes, int limit) {
    return new LineReader(new ByteArrayInputStream(bytes), limit);
  }

  private static List<Line> all(LineReader reader) throws IOException {
    List<Line> lines = new ArrayList<>();
    for (Line line = reader.next(); line != null; line = reader.next()) {
      lines.add(line);
    }
    return lines;
  }

  /** Gives a random number of bytes at a time. */
  private static final class Pieces extends ByteArrayInputStream {
    private final Random random;

    Pieces(byte[] bytes, Random random) {
      super(bytes);
      this.random = random;
    }

    @Override
    public synchronized int read(byte[] into, int from, int most) {
      return super.read(into, from, 1 + random.nextInt(most));
    }

    @Override
    public int read(byte[] into) {
      return read(into, 0, into.length);
    }
  }
}
