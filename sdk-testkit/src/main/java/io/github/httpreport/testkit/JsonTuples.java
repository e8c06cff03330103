package io.github.httpreport.testkit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a body as eKuiper's JSON decoder does: all of it or nothing, and nothing where it is nested
 * too deep. A tuple with a number that no double holds is decoded, and lost behind the decoder.
 */
final class JsonTuples {

  /** Every value is a level, a number or text too. */
  private static final int MAX_LEVELS = 300;

  private static final JsonFactory JSON = GoJson.unlimited();

  private JsonTuples() {}

  /** The objects of a body, each as it stands there; empty when it is not what a stream takes. */
  static Optional<List<String>> read(String body, boolean arraysToo) {
    List<String> objects = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(body)) {
      JsonToken first = parser.nextToken();
      boolean good =
          first == JsonToken.START_ARRAY
              ? arraysToo && readElements(parser, body, objects)
              : readObject(parser, body, objects);
      return good && parser.nextToken() == null ? Optional.of(objects) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean readElements(JsonParser parser, String body, List<String> objects)
      throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!readObject(parser, body, objects)) {
        return false;
      }
    }
    return true;
  }

  private static boolean readObject(JsonParser parser, String body, List<String> objects)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return false;
    }
    int start = (int) parser.currentTokenLocation().getCharOffset();
    boolean usable = true;
    for (int level = parser.getParsingContext().getNestingDepth(); !ended(parser, level); ) {
      JsonToken token = parser.nextToken();
      int leaf = token.isScalarValue() ? 1 : 0;
      if (parser.getParsingContext().getNestingDepth() + leaf > MAX_LEVELS) {
        return false;
      }
      usable &= !token.isNumeric() || !Double.isInfinite(Double.parseDouble(parser.getText()));
    }
    int end = (int) parser.currentTokenLocation().getCharOffset() + 1;
    if (usable) {
      objects.add(body.substring(start, end));
    }
    return true;
  }

  private static boolean ended(JsonParser parser, int level) {
    return parser.currentToken() == JsonToken.END_OBJECT
        && parser.getParsingContext().getNestingDepth() < level;
  }
}
