package io.github.httpreport.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableTest {

  private static String printed(Table table) {
    StringWriter out = new StringWriter();
    table.print(new PrintWriter(out));
    return out.toString();
  }

  @Test
  void print_rowsOfDifferentWidths_alignsEachColumn() {
    Table table = new Table("lrl").row("NODE", "STORED", "NOTE").row("127.0.0.1:1", "5", "stopped");

    assertThat(printed(table).lines())
        .containsExactly("NODE         STORED  NOTE", "127.0.0.1:1       5  stopped");
  }

  @Test
  void print_fewerCellsThanColumns_endsTheLineAfterTheLast() {
    assertThat(printed(new Table("lrl").row("a").row("b", "10")).lines())
        .containsExactly("a", "b  10");
  }

  @Test
  void print_cellThatIsEmpty_keepsTheColumnsBehindIt() {
    assertThat(printed(new Table("lll").row("a", "", "c").row("d", "ee", "f")).lines())
        .containsExactly("a      c", "d  ee  f");
  }
}
