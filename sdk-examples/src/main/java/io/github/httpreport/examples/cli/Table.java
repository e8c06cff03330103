package io.github.httpreport.examples.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** Rows in columns as wide as their widest cell, printed with picocli's table. */
public final class Table {

  private static final int GAP = 2;

  private final String alignment;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * A table without rows.
   *
   * @param alignment a letter for each column: l for left, r for right
   */
  public Table(String alignment) {
    this.alignment = alignment;
  }

  /**
   * Adds a row.
   *
   * @param cells at most one for each column
   * @return this table
   */
  public Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /**
   * Prints all rows.
   *
   * @param out where they go
   */
  public void print(PrintWriter out) {
    int[] widths = widths();
    TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), columns(widths));
    rows.forEach(row -> table.addRowValues(cells(row, widths)));
    out.print(table);
    out.flush();
  }

  private int[] widths() {
    int[] widths = new int[alignment.length()];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private static Column[] columns(int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(i -> new Column(indentOf(i) + widths[i], indentOf(i), Overflow.TRUNCATE))
        .toArray(Column[]::new);
  }

  private static int indentOf(int column) {
    return column == 0 ? 0 : GAP;
  }

  /** One for each column: picocli's table aligns to the left, and needs every cell. */
  private String[] cells(List<String> row, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(i -> i < row.size() ? cell(row.get(i), i, widths[i]) : "")
        .toArray(String[]::new);
  }

  private String cell(String text, int column, int width) {
    boolean toTheRight = alignment.charAt(column) == 'r';
    return toTheRight ? " ".repeat(width - text.length()) + text : text;
  }
}
