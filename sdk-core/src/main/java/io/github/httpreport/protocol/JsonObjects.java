package io.github.httpreport.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Checks bodies for servers that take nothing but JSON objects. */
public final class JsonObjects {

  private static final JsonFactory JSON = new JsonFactory();

  private JsonObjects() {}

  /**
   * Checks that a text is one whole JSON object and nothing else.
   *
   * @param text the text, which is left as it is
   * @throws IllegalArgumentException if it is not; the text says where and why without quoting, and
   *     reads on from "body 3 "
   */
  public static void check(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("must be a JSON object");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("must be one JSON object, but more comes after it");
      }
    } catch (JsonEOFException e) {
      throw new IllegalArgumentException("must be a JSON object, but its end is missing");
    } catch (JsonProcessingException e) {
      // Not as the cause: its text quotes the body.
      throw new IllegalArgumentException(
          "must be a JSON object, but is none from character "
              + Math.max(0, e.getLocation().getCharOffset()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
