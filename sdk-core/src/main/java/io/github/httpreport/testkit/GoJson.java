package io.github.httpreport.testkit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads and writes JSON with what Go's library does to it on the way: keys sorted, every number a
 * double, and some characters escaped.
 */
final class GoJson {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final double PLAIN_FROM = 1e-6;
  private static final double PLAIN_BELOW = 1e21;
  private static final String ESCAPED = "<>&\u2028\u2029";

  private GoJson() {}

  /** The objects of an array, each written anew; empty if it is no array of objects. */
  static Optional<List<String>> objects(byte[] body, int length) {
    try (JsonParser parser = JSON.createParser(body, 0, length)) {
      JsonNode array = JSON.readTree(parser);
      if (array == null || !array.isArray() || parser.nextToken() != null) {
        return Optional.empty();
      }
      List<String> objects = new ArrayList<>(array.size());
      for (JsonNode each : array) {
        if (!each.isObject()) {
          return Optional.empty();
        }
        StringBuilder out = new StringBuilder();
        write(each, out);
        objects.add(out.toString());
      }
      return Optional.of(objects);
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static void write(JsonNode node, StringBuilder out) {
    if (node.isObject()) {
      writeObject(node, out);
    } else if (node.isArray()) {
      char before = '[';
      for (JsonNode each : node) {
        out.append(before);
        write(each, out);
        before = ',';
      }
      out.append(before == '[' ? "[]" : "]");
    } else if (node.isNumber()) {
      out.append(number(node.doubleValue()));
    } else if (node.isTextual()) {
      writeText(node.textValue(), out);
    } else {
      out.append(node.asText());
    }
  }

  private static void writeObject(JsonNode node, StringBuilder out) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    Collections.sort(names);
    char before = '{';
    for (String name : names) {
      out.append(before);
      writeText(name, out);
      out.append(':');
      write(node.path(name), out);
      before = ',';
    }
    out.append(before == '{' ? "{}" : "}");
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      throw new NumberFormatException("out of the range of a double");
    }
    double size = Math.abs(value);
    BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (size == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    if (size >= PLAIN_FROM && size < PLAIN_BELOW) {
      return exact.toPlainString();
    }
    int exponent = exact.precision() - exact.scale() - 1;
    String digits = exact.scaleByPowerOfTen(-exponent).toPlainString();
    return digits + (exponent < 0 ? "e-" : "e+") + Math.abs(exponent);
  }

  private static void writeText(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || ESCAPED.indexOf(c) >= 0) {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
