package io.github.httpreport.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The code of the README of this module: Java compiles, and Flink plans the SQL. */
@ExtendWith(FlinkCluster.Extension.class)
class ReadmeTest {

  private static List<String> blocks(String language) throws IOException {
    Pattern block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL);
    return block
        .matcher(Files.readString(Path.of("README.md")))
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  @Test
  void java_compiles(@TempDir Path classes) throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            import io.github.httpreport.flink.*;
            import org.apache.flink.api.common.serialization.SimpleStringSchema;
            import org.apache.flink.streaming.api.datastream.DataStream;
            import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
            abstract class Snippet {
              DataStream<String> lines;
              StreamExecutionEnvironment environment;
            """);
    List<String> blocks = blocks("java");
    assertThat(blocks).isNotEmpty();
    for (String block : blocks) {
      text.append("void snippet").append(text.length()).append("() {").append(block).append("}\n");
    }
    StringWriter complaints = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of(
            "-proc:none",
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"));

    boolean compiled =
        compiler
            .getTask(
                complaints, null, null, options, null, List.of(source(text.append('}').toString())))
            .call();

    assertThat(compiled).as(complaints.toString()).isTrue();
  }

  private static JavaFileObject source(String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  @Test
  void sql_isPlanned(FlinkCluster flink) throws IOException {
    List<String> blocks = blocks("sql");
    assertThat(blocks).hasSize(2);
    for (String block : blocks) {
      StreamTableEnvironment sql = StreamTableEnvironment.create(flink.environment(Map.of()));
      for (String statement : Pattern.compile(";").splitAsStream(block).toList()) {
        if (statement.strip().startsWith("INSERT")) {
          assertThat(sql.explainSql(statement)).contains("Sink");
        } else if (!statement.isBlank()) {
          sql.executeSql(statement);
        }
      }
    }
  }
}
