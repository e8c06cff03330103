package io.github.httpreport.inlong;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes texts of all kinds of characters; the seed tells how to get the same ones again. */
final class RandomText {

  private static final String SPECIAL = "%+&;#= \t\r\u0000\u007f\u0080\u00ff\u07ff\u0800\uffff";

  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  RandomText() {
    System.out.println("-Dtest.seed=" + seed);
  }

  String seed() {
    return "-Dtest.seed=" + seed;
  }

  int upTo(int bound) {
    return random.nextInt(bound);
  }

  /** A text without newline, not blank, that UTF-8 can carry. */
  String body() {
    StringBuilder text = new StringBuilder("x");
    int kind = random.nextInt(6);
    int length = random.nextInt(10) == 0 ? random.nextInt(2000) : random.nextInt(60);
    for (int i = 0; i < length; i++) {
      int codePoint = codePoint(kind);
      text.appendCodePoint(codePoint == '\n' ? ' ' : codePoint);
    }
    return random.nextBoolean() ? text.substring(1) + 'x' : text.toString();
  }

  List<String> bodies(int count) {
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bodies.add(body());
    }
    return bodies;
  }

  private int codePoint(int kind) {
    int chosen = kind == 5 ? random.nextInt(5) : kind;
    return switch (chosen) {
      case 0 -> "abcXYZ019-._~ ".charAt(random.nextInt(14));
      case 1 -> random.nextInt(0x80);
      case 2 -> SPECIAL.charAt(random.nextInt(SPECIAL.length()));
      case 3 -> scalarBelow(0x10000);
      default -> scalarBelow(0x110000);
    };
  }

  private int scalarBelow(int bound) {
    int codePoint = random.nextInt(bound);
    return codePoint >= 0xd800 && codePoint < 0xe000 ? codePoint - 0x800 : codePoint;
  }

  /** A text with half a surrogate pair at the given place. */
  String withHalfPair(String text, int index) {
    char half = (char) (0xd800 + random.nextInt(0x800));
    return text.substring(0, index) + half + text.substring(index);
  }
}
