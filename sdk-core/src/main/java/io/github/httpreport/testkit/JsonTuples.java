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

/** Reads a body as eKuiper's JSON decoder does: all of it or nothing. */
final class JsonTuples {

  private static final JsonFactory JSON = new JsonFactory();

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
    parser.skipChildren();
    int end = (int) parser.currentTokenLocation().getCharOffset() + 1;
    objects.add(body.substring(start, end));
    return true;
  }
}
