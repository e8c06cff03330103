package io.github.httpreport.compatibility;

import static io.github.httpreport.compatibility.CompatibilityTest.locationOf;
import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testsupport.Certificates;
import io.github.httpreport.testsupport.ScriptedServer;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The application of src/app as a module, with the library and its dependencies as modules. */
class ModulePathTest {

  /**
   * What is on the class path for the tests alone would be on the module path of no application.
   */
  private static final Predicate<String> REQUIRED =
      Pattern.compile(
              "(httpclient5|httpcore5|httpcore5-h2|jackson-[a-z]+|commons-lang3|resilience4j-[a-z]+"
                  + "|slf4j-api|jspecify)-[0-9.]+\\.jar")
          .asMatchPredicate();

  private static final Predicate<String> OPTIONAL =
      Pattern.compile("(h2-mvstore|micrometer-[a-z]+|HdrHistogram|LatencyUtils)-[0-9.]+\\.jar")
          .asMatchPredicate();

  @TempDir private static Path directory;

  private static Certificates certificates;
  private static Path app;

  @BeforeAll
  static void compile() throws IOException {
    certificates =
        Certificates.in(directory)
            .signed("good", "-ext", "san=ip:127.0.0.1")
            .signed("elsewhere", "-ext", "san=ip:127.0.0.2");
    app = Files.createDirectory(directory.resolve("app"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    boolean compiled;
    try (var files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.walk(Path.of("src", "app", "java"))) {
      List<String> options =
          List.of("-d", app.toString(), "-p", modules(REQUIRED.or(OPTIONAL)), "-proc:none");
      compiled =
          compiler
              .getTask(
                  errors,
                  files,
                  null,
                  options,
                  null,
                  files.getJavaFileObjectsFromPaths(
                      sources.filter(path -> path.toString().endsWith(".java")).toList()))
              .call();
    }
    assertThat(compiled).as("%s", errors).isTrue();
  }

  private static String modules(Predicate<String> names) {
    Stream<String> jars =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> names.test(Path.of(entry).getFileName().toString()));
    Stream<String> ours =
        Stream.of(HttpProxySender.class, LocalCluster.class)
            .map(type -> locationOf(type).toString());
    return Stream.concat(ours, jars).collect(Collectors.joining(File.pathSeparator));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void application_onTheModulePath_sendsAndVerifiesHosts(boolean optional) throws Exception {
    String own = "optional-" + optional;
    try (ScriptedServer good = server("good");
        ScriptedServer elsewhere = server("elsewhere")) {
      SmokeJvm run =
          SmokeJvm.run(
              directory.resolve(own + ".txt"),
              List.of(
                  "-p",
                  app + File.pathSeparator + modules(optional ? REQUIRED.or(OPTIONAL) : REQUIRED),
                  "-m",
                  "app/app.App",
                  String.valueOf(optional),
                  String.valueOf(good.port()),
                  String.valueOf(elsewhere.port()),
                  certificates.authorityFile().toString(),
                  directory.resolve(own).toString()));

      assertThat(run.exit()).as("%s", run.lines()).isZero();
      assertThat(run.after("passed"))
          .as("%s", run.lines())
          .containsExactlyElementsOf(
              optional
                  ? List.of("module true", "sends 3", "TLS", "refusal true")
                  : List.of("module true", "refused spool true", "sends 3", "TLS", "refusal true"));
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  private static ScriptedServer server(String alias) {
    return ScriptedServer.start(certificates.serverSocket(alias), always(ok(TlsSteps.STORED)));
  }

  @Test
  void jar_manifest_namesTheVersion() throws IOException {
    Path library = locationOf(HttpProxySender.class);
    Assumptions.assumeTrue(Files.isRegularFile(library), "not packaged yet");
    try (JarFile jar = new JarFile(library.toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
          .matches("[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?");
    }
  }
}
