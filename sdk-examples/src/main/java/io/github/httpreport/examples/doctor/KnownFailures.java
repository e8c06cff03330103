package io.github.httpreport.examples.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The failures that the documentation knows. The table of {@code docs/troubleshooting.md} is in the
 * jar and is the only place where causes and remedies stand. Immutable.
 */
public final class KnownFailures {

  private static final String PAGE = "troubleshooting.md";
  private static final int CELLS = 3;
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`.*) \\|$");
  private static final Pattern CELL_BORDER = Pattern.compile(" \\| ");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private final List<KnownFailure> all;

  KnownFailures(String page) {
    all = ROW.matcher(page).results().map(KnownFailures::row).toList();
  }

  /**
   * Reads the page that is in the jar.
   *
   * @return the failures of its table
   */
  public static KnownFailures load() {
    try (InputStream page = KnownFailures.class.getResourceAsStream(PAGE)) {
      if (page == null) {
        throw new IllegalStateException(PAGE + " is missing from the jar");
      }
      return new KnownFailures(new String(page.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KnownFailure row(MatchResult row) {
    String[] cells = CELL_BORDER.split(row.group(1), -1);
    if (cells.length != CELLS) {
      throw new IllegalStateException(
          "a row of " + PAGE + " must have " + CELLS + " cells: " + row.group());
    }
    List<String> messages =
        CODE.matcher(cells[0]).results().map(message -> message.group(1)).toList();
    return KnownFailure.of(messages, plain(cells[1]), plain(cells[2]));
  }

  private static String plain(String markdown) {
    return markdown.replace("`", "");
  }

  /**
   * All rows.
   *
   * @return in the order of the table
   */
  public List<KnownFailure> all() {
    return all;
  }

  /**
   * The rows whose message stands in a text. An error names its reason last, so the row whose
   * message stands last comes first.
   *
   * @param text an error or log line
   * @return empty if none does
   */
  public List<KnownFailure> in(String text) {
    record Match(KnownFailure failure, int position) {}
    List<Match> matches = new ArrayList<>();
    for (KnownFailure failure : all) {
      failure.positionIn(text).ifPresent(position -> matches.add(new Match(failure, position)));
    }
    matches.sort(Comparator.comparingInt(Match::position).reversed());
    return matches.stream().map(Match::failure).toList();
  }
}
