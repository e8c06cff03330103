package io.github.httpreport.examples.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Prints rows in aligned columns. */
public final class Table {

  private static final String GAP = "  ";

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
    int[] widths = new int[alignment.length()];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    rows.forEach(row -> out.println(line(row, widths)));
    out.flush();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String cell = row.get(i);
      String padding = " ".repeat(widths[i] - cell.length());
      line.append(i == 0 ? "" : GAP)
          .append(alignment.charAt(i) == 'r' ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }
}
