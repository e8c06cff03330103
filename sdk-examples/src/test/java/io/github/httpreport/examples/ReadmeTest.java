package io.github.httpreport.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java code of README and docs: it compiles. */
class ReadmeTest {

  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void javaBlocks_ofReadmeAndDocs_compile(@TempDir Path classes) throws IOException {
    List<String> blocks = new ArrayList<>();
    for (Path page : pages()) {
      JAVA_BLOCK.matcher(Files.readString(page)).results().forEach(b -> blocks.add(b.group(1)));
    }
    assertThat(blocks).hasSizeGreaterThanOrEqualTo(10);

    List<JavaFileObject> sources =
        IntStream.range(0, blocks.size()).mapToObj(i -> source(i, blocks.get(i))).toList();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter complaints = new StringWriter();
    List<String> options =
        List.of(
            "-proc:none",
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    boolean compiled = compiler.getTask(complaints, null, null, options, null, sources).call();

    assertThat(compiled).as(complaints.toString()).isTrue();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("..", "docs"))) {
      return Stream.concat(Stream.of(Path.of("..", "README.md")), docs)
          .filter(path -> path.toString().endsWith(".md"))
          // Compiled by the module of its example, which has Spring.
          .filter(path -> !path.endsWith("spring-boot.md"))
          .toList();
    }
  }

  private static JavaFileObject source(int index, String block) {
    String name = "Snippet" + index;
    String text =
        """
        import io.github.httpreport.*;
        import io.github.httpreport.ckafka.*;
        import io.github.httpreport.ekuiper.*;
        import io.github.httpreport.error.*;
        import io.github.httpreport.http.*;
        import io.github.httpreport.inlong.*;
        import io.github.httpreport.memphis.*;
        import io.github.httpreport.node.*;
        import io.github.httpreport.spool.*;
        import io.github.httpreport.testkit.*;
        import java.nio.file.Path;
        import java.time.Duration;
        import java.time.Instant;
        import java.util.LinkedHashMap;
        import java.util.List;
        import java.util.Map;
        import java.util.Optional;
        import java.util.concurrent.CompletableFuture;
        import java.util.concurrent.CompletionStage;
        abstract class %s {
          ProxySender sender;
          abstract void log(String text);
          abstract void keepForLater();
          void snippet() throws Exception {
            %s
          }
        }
        """
            .formatted(name, block);
    URI uri = URI.create("string:///" + name + JavaFileObject.Kind.SOURCE.extension);
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
