package io.github.httpreport.protocol.support;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Check of message bodies for servers that take nothing but JSON objects, within the limits of the
 * server: how deep the JSON is nested, and numbers that a double holds, as servers written in Go
 * read every number as one. Lengths of numbers, names and texts have no limit here. Reads a body
 * once and builds nothing of it. Immutable, safe for use by many threads.
 */
public final class JsonObjects {

  /** A number of so many digits, without an exponent, is within a double. */
  private static final int MAX_SAFE_DIGITS = 308;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(unlimited())
          // Names are not kept, and may be different in every message.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final int maxLevels;
  private final boolean leavesCount;

  private JsonObjects(int maxLevels, boolean leavesCount) {
    this.maxLevels = maxLevels;
    this.leavesCount = leavesCount;
  }

  /**
   * A check for a server that counts objects and arrays.
   *
   * @param levels how many may stand in each other, the body itself counted; at least 1
   * @return the check
   */
  public static JsonObjects nestedTo(int levels) {
    return new JsonObjects(levels, false);
  }

  /**
   * The same for a server that counts a number, text or literal as a level of its own as well.
   *
   * @return a copy
   */
  public JsonObjects countingLeaves() {
    return new JsonObjects(maxLevels, true);
  }

  /** The limits are the server's and set here: those of the parser differ between its versions. */
  private static StreamReadConstraints unlimited() {
    StreamReadConstraints.Builder constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE);
    try {
      return constraints.maxNameLength(Integer.MAX_VALUE).build();
    } catch (NoSuchMethodError before216) {
      // Jackson 2.15 knows no limit of a name.
      return constraints.build();
    }
  }

  /**
   * Checks that a text is one whole JSON object and nothing else, which the server can decode.
   *
   * @param text the text, which is left as it is
   * @throws IllegalArgumentException if it is not; the text says where and why without quoting, and
   *     reads on from "body 3 "
   */
  public void check(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("must be a JSON object");
      }
      checkMembers(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("must be one JSON object, but more comes after it");
      }
    } catch (JsonEOFException e) {
      throw new IllegalArgumentException("must be a JSON object, but its end is missing");
    } catch (JsonProcessingException e) {
      // Not as the cause: its text quotes the body.
      throw new IllegalArgumentException("must be a JSON object, but is none" + from(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkMembers(JsonParser parser) throws IOException {
    checkLevel(1, parser);
    for (int level = 1; level > 0; ) {
      JsonToken token = parser.nextToken();
      if (token.isStructStart()) {
        checkLevel(++level, parser);
      } else if (token.isStructEnd()) {
        level--;
      } else if (token.isScalarValue()) {
        checkLeaf(token, level, parser);
      }
    }
  }

  private void checkLeaf(JsonToken token, int level, JsonParser parser) throws IOException {
    if (leavesCount) {
      checkLevel(level + 1, parser);
    }
    if (token.isNumeric() && !isDouble(token, parser)) {
      throw new IllegalArgumentException(
          "holds a number at character " + at(parser) + " that is too large for a double");
    }
  }

  private void checkLevel(int level, JsonParser parser) {
    if (level > maxLevels) {
      throw new IllegalArgumentException(
          "is nested deeper than the "
              + maxLevels
              + " levels that the server decodes, at character "
              + at(parser));
    }
  }

  private static boolean isDouble(JsonToken token, JsonParser parser) throws IOException {
    int length = parser.getTextLength();
    boolean isInt = token == JsonToken.VALUE_NUMBER_INT;
    if (length <= MAX_SAFE_DIGITS && (isInt || !hasExponent(parser, length))) {
      return true;
    }
    return !Double.isInfinite(Double.parseDouble(parser.getText()));
  }

  private static boolean hasExponent(JsonParser parser, int length) throws IOException {
    char[] text = parser.getTextCharacters();
    int end = parser.getTextOffset() + length;
    for (int i = parser.getTextOffset(); i < end; i++) {
      if (text[i] == 'e' || text[i] == 'E') {
        return true;
      }
    }
    return false;
  }

  private static long at(JsonParser parser) {
    return parser.currentTokenLocation().getCharOffset();
  }

  /** Where a parser knows it, which is not always. */
  private static String from(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " from character " + Math.max(0, e.getLocation().getCharOffset());
  }
}
