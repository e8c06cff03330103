package io.github.httpreport.flink;

import io.github.httpreport.testkit.LocalCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.TextLineInputFormat;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job that reads a file and reports its lines to a cluster of three nodes in this process. Its
 * argument is the file. Ends with 0 only if every line that is not blank was stored.
 */
public final class FlinkExample {

  private FlinkExample() {}

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    long lines = countLines(file);
    long stored = report(file);
    System.out.println(
        file + " has " + lines + " lines of text; " + stored + " records are stored.");
    if (stored < lines) {
      System.exit(1);
    }
  }

  /** How many records the cluster has when the job has ended. */
  static long report(Path file) throws Exception {
    try (LocalCluster cluster = LocalCluster.start(3)) {
      StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
      environment.enableCheckpointing(1_000);
      environment
          .fromSource(lines(file), WatermarkStrategy.noWatermarks(), "lines of " + file)
          .filter(line -> !line.isBlank())
          .sinkTo(
              HttpReportSink.<String>builder()
                  .manager(cluster.managerUrl())
                  .groupId("group")
                  .streamId("stream")
                  .text(line -> line)
                  .build());
      environment.execute("report " + file);
      return cluster.storedCount();
    }
  }

  private static FileSource<String> lines(Path file) {
    return FileSource.forRecordStreamFormat(
            new TextLineInputFormat(), new org.apache.flink.core.fs.Path(file.toUri()))
        .build();
  }

  private static long countLines(Path file) throws Exception {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> !line.isBlank()).count();
    }
  }
}
