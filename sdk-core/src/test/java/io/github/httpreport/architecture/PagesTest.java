package io.github.httpreport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules over the pages for readers, as the style part of CONTRIBUTING has them. */
class PagesTest {

  /** Where the pages are, seen from the directory that tests of a module run in. */
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final int MAX_LINES_OF_README = 200;

  private static final Pattern HEADING = Pattern.compile("(?m)^#{2,} (.*)$");

  /** Words that leave the actor without a name, or that the field does not use. */
  private static final Pattern NAMELESS =
      Pattern.compile(
          "(?i)\\b(?:whoever|nobody|somebody|anybody|himself|anew|in vain|for ever|besides)\\b");

  /** CONTRIBUTING lists the words. */
  private static Stream<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      List<Path> found = docs.filter(file -> file.toString().endsWith(".md")).toList();
      Stream<Path> root =
          Stream.of("README.md", "RATIONALE.md", "SECURITY.md", "CHANGELOG.md").map(ROOT::resolve);
      return Stream.concat(root, found.stream());
    }
  }

  @Test
  void rationale_everyHeading_isAQuestion() throws IOException {
    List<String> headings =
        HEADING
            .matcher(Files.readString(ROOT.resolve("RATIONALE.md")))
            .results()
            .map(heading -> heading.group(1))
            .toList();

    assertThat(headings).hasSizeGreaterThan(100).doesNotHaveDuplicates();
    assertThat(headings).allMatch(heading -> heading.endsWith("?"));
  }

  @Test
  void readme_isNoLongerThanItsLimit() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("README.md")))
        .hasSizeLessThanOrEqualTo(MAX_LINES_OF_README);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void page_namesItsActors(Path page) throws IOException {
    assertThat(NAMELESS.matcher(Files.readString(page)).results().map(MatchResult::group))
        .isEmpty();
  }
}
