package io.github.httpreport.examples.doctor;

import java.io.PrintWriter;

/** Prints text in lines of a given width. A longer word is cut, so that no line is wider. */
final class Paragraphs {

  /** A terminal that is narrower than the margins still gets some text on each line. */
  private static final int MIN_TEXT = 10;

  private final PrintWriter out;
  private final int columns;

  Paragraphs(PrintWriter out, int columns) {
    this.out = out;
    this.columns = columns;
  }

  /**
   * Prints one paragraph.
   *
   * @param first what the first line begins with
   * @param next what every other line begins with
   */
  void print(String first, String next, String text) {
    int room = Math.max(MIN_TEXT, columns - Math.max(first.length(), next.length()));
    String margin = first;
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() > 0 && line.length() + 1 + word.length() > room) {
        out.println(margin + line);
        margin = next;
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
      while (line.length() > room) {
        out.println(margin + line.substring(0, room));
        margin = next;
        line.delete(0, room);
      }
    }
    out.println((margin + line).stripTrailing());
  }
}
