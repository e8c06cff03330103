package io.github.httpreport.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java code of the page on Spring Boot: it compiles. */
class SpringBootPageTest {

  private static final Path PAGE = Path.of("..", "docs", "spring-boot.md");
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void javaBlocks_compile(@TempDir Path classes) throws IOException {
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
        compiler.getTask(complaints, null, null, options, null, List.of(source())).call();

    assertThat(compiled).as(complaints.toString()).isTrue();
  }

  private static JavaFileObject source() throws IOException {
    List<String> blocks =
        JAVA_BLOCK.matcher(Files.readString(PAGE)).results().map(block -> block.group(1)).toList();
    assertThat(blocks).hasSize(3);
    String text =
        """
        import static org.awaitility.Awaitility.await;

        import io.github.httpreport.*;
        import io.github.httpreport.node.*;
        import io.github.httpreport.spring.*;
        import io.github.httpreport.spring.test.*;
        import io.github.httpreport.testkit.*;
        import org.junit.jupiter.api.Test;
        import org.springframework.beans.factory.annotation.Autowired;
        import org.springframework.boot.test.context.SpringBootTest;
        import org.springframework.context.annotation.Bean;
        import org.springframework.stereotype.Service;

        class Page {
          %s
        }
        """
            .formatted(String.join("\n", blocks));
    return new SimpleJavaFileObject(URI.create("string:///Page.java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
