package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.IChart;

/** Writes charts as PNG. */
public final class ChartFile {

  private ChartFile() {}

  /**
   * Writes a chart.
   *
   * @param file replaced if it is there; nothing is written where it is null
   * @param chart any of the library's
   * @throws IOException if the file cannot be written
   */
  public static void write(@Nullable Path file, IChart chart) throws IOException {
    if (file != null) {
      try (OutputStream out = Files.newOutputStream(file)) {
        ChartEncoder.saveChart(chart, out, "png");
      }
    }
  }
}
