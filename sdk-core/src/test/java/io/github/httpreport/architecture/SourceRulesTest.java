package io.github.httpreport.architecture;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Rules over the source files, main and test, of the library and of what is built with it. A
 * connector is read by itself, by those who use what it connects to, and has names of its own.
 */
class SourceRulesTest {

  private static final int MAX_LINES = 400;

  /** Where the modules are, seen from the directory that tests of a module run in. */
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final List<String> MODULES =
      List.of("sdk-core", "sdk-testkit", "sdk-examples", "sdk-benchmarks", "sdk-compatibility");

  private static final Pattern COMMENT_OR_TEXT =
      Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"");
  private static final Pattern JAVADOC = Pattern.compile("(?s)/\\*\\*.*?\\*/\\s*?\\n");
  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|interface|record|enum)\\s+([A-Z]\\w*)");

  /** It stood for completing, calling, updating, logging, and three actions more. */
  private static final Pattern FORBIDDEN_WORD =
      Pattern.compile("(?:^|(?<=[a-z_]))(?:[Tt]ell(?:s|er|ing)?|[Tt]old)(?![a-z])|[Uu]ntold");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_$][\\w$]*");

  private record Source(Path file, String code, long lines) {

    static Source of(Path file) {
      try {
        String text = Files.readString(file);
        return new Source(
            ROOT.relativize(file),
            COMMENT_OR_TEXT.matcher(text).replaceAll(" "),
            (isApi(file) ? JAVADOC.matcher(text).replaceAll("") : text).lines().count());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** A class that applications use is read in its Javadoc, which is as long as it needs to be. */
    private static boolean isApi(Path file) {
      return !file.toString().contains("internal");
    }

    String name() {
      return file.getFileName().toString().replace(".java", "");
    }

    boolean isType() {
      return !name().endsWith("-info");
    }

    Stream<String> nested() {
      return TYPE.matcher(code)
          .results()
          .map(result -> result.group(1))
          .filter(t -> !t.equals(name()));
    }
  }

  private static List<Source> sources(String under) {
    return MODULES.stream()
        .map(module -> ROOT.resolve(module).resolve("src"))
        .flatMap(SourceRulesTest::javaFiles)
        .filter(file -> file.toString().replace('\\', '/').contains(under))
        .map(Source::of)
        .toList();
  }

  private static Stream<Path> javaFiles(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void mainFiles_areShortEnoughToRead() {
    assertThat(sources("/src/main/"))
        .hasSizeGreaterThan(200)
        .filteredOn(source -> source.lines() > MAX_LINES)
        .extracting(source -> source.file() + ": " + source.lines() + " lines")
        .isEmpty();
  }

  /** A reader who knows a name knows what it stands for, in whichever module. */
  @Test
  void typesOfOwnFiles_haveOneNameEach() {
    Map<String, Set<Path>> files =
        sources("/src/").stream()
            .filter(Source::isType)
            .collect(
                groupingBy(
                    Source::name, TreeMap::new, mapping(Source::file, toCollection(TreeSet::new))));

    assertThat(files).isNotEmpty();
    assertThat(files.entrySet()).filteredOn(entry -> entry.getValue().size() > 1).isEmpty();
  }

  /**
   * {@code Builder} is nested in many types; but no nested type borrows the name of another one.
   */
  @Test
  void nestedTypes_doNotTakeTheNameOfAFile() {
    List<Source> sources = sources("/src/").stream().filter(Source::isType).toList();
    Set<String> names = sources.stream().map(Source::name).collect(toCollection(TreeSet::new));

    assertThat(
            sources.stream()
                .flatMap(
                    source ->
                        source
                            .nested()
                            .filter(names::contains)
                            .map(n -> n + " in " + source.file())))
        .isEmpty();
  }

  @Test
  void names_useNoWordWithSeveralMeanings() {
    assertThat(sources("/src/").stream().flatMap(SourceRulesTest::namesWithAForbiddenWord))
        .isEmpty();
  }

  private static Stream<String> namesWithAForbiddenWord(Source source) {
    return NAME.matcher(source.code())
        .results()
        .map(MatchResult::group)
        .filter(name -> FORBIDDEN_WORD.matcher(name).find())
        .map(name -> name + " in " + source.file());
  }
}
