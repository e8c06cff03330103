package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads and writes JSON with what Go's library does to it on the way: keys sorted, every number a
 * double, and some characters escaped.
 */
final class GoJson {

  /** Go reads objects and arrays no deeper in each other. */
  private static final int MAX_LEVELS = 10_000;

  private static final ObjectMapper JSON = new ObjectMapper(unlimited());
  private static final double PLAIN_FROM = 1e-6;
  private static final double PLAIN_BELOW = 1e21;
  private static final String ESCAPED = "<>&\u2028\u2029";

  private GoJson() {}

  /** A factory without the limits that Jackson has by itself and Go has not. */
  static JsonFactory unlimited() {
    StreamReadConstraints.Builder constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE);
    try {
      constraints.maxNameLength(Integer.MAX_VALUE);
    } catch (NoSuchMethodError before216) {
      // Jackson 2.15 knows no limit of a name.
    }
    return JsonFactory.builder().streamReadConstraints(constraints.build()).build();
  }

  /**
   * The elements of an array of objects, each written again; empty if it is no such array. Go takes
   * {@code null} for an object, and for an array without elements.
   */
  static Optional<List<String>> objects(byte[] body, int length) {
    try (JsonParser levels = JSON.createParser(body, 0, length);
        JsonParser parser = JSON.createParser(body, 0, length)) {
      requireWithinLevels(levels);
      JsonNode array = JSON.readTree(parser);
      if (array == null || !(array.isArray() || array.isNull()) || parser.nextToken() != null) {
        return Optional.empty();
      }
      List<String> objects = new ArrayList<>(array.size());
      for (JsonNode each : array) {
        if (!each.isObject() && !each.isNull()) {
          return Optional.empty();
        }
        objects.add(written(each));
      }
      return Optional.of(objects);
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static void requireWithinLevels(JsonParser parser) throws IOException {
    while (parser.nextToken() != null) {
      if (parser.getParsingContext().getNestingDepth() > MAX_LEVELS) {
        throw new IOException("exceeded max depth");
      }
    }
  }

  /** Keeps what is still to be written by itself: as deep as Go reads, recursion goes nowhere. */
  private static String written(JsonNode root) {
    StringBuilder out = new StringBuilder();
    Deque<Object> ahead = new ArrayDeque<>(List.of(root));
    while (!ahead.isEmpty()) {
      Object next = ahead.pop();
      if (next instanceof JsonNode node && node.isContainerNode()) {
        List<Object> parts = node.isObject() ? members(node) : elements(node);
        Collections.reverse(parts);
        parts.forEach(ahead::push);
      } else if (next instanceof JsonNode leaf) {
        writeLeaf(leaf, out);
      } else {
        out.append(next);
      }
    }
    return out.toString();
  }

  private static List<Object> elements(JsonNode array) {
    List<Object> parts = new ArrayList<>(List.of("["));
    for (JsonNode each : array) {
      parts.add(parts.size() == 1 ? "" : ",");
      parts.add(each);
    }
    parts.add("]");
    return parts;
  }

  private static List<Object> members(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    names.sort((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));
    List<Object> parts = new ArrayList<>(List.of("{"));
    for (String name : names) {
      StringBuilder key = new StringBuilder(parts.size() == 1 ? "" : ",");
      writeText(name, key);
      parts.add(key.append(':').toString());
      parts.add(object.path(name));
    }
    parts.add("}");
    return parts;
  }

  private static void writeLeaf(JsonNode leaf, StringBuilder out) {
    if (leaf.isNumber()) {
      out.append(number(leaf.doubleValue()));
    } else if (leaf.isTextual()) {
      writeText(leaf.textValue(), out);
    } else {
      out.append(leaf.asText());
    }
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      throw new NumberFormatException("out of the range of a double");
    }
    double size = Math.abs(value);
    if (size == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal shortest = shortest(value);
    if (size >= PLAIN_FROM && size < PLAIN_BELOW) {
      return shortest.toPlainString();
    }
    int exponent = shortest.precision() - shortest.scale() - 1;
    String digits = shortest.scaleByPowerOfTen(-exponent).toPlainString();
    return digits + (exponent < 0 ? "e-" : "e+") + Math.abs(exponent);
  }

  /** The fewest digits that are read as the same double; Java's own text had more before 19. */
  private static BigDecimal shortest(double value) {
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    while (shortest.precision() > 1) {
      MathContext fewer = new MathContext(shortest.precision() - 1, RoundingMode.HALF_EVEN);
      BigDecimal rounded = new BigDecimal(value).round(fewer).stripTrailingZeros();
      if (rounded.doubleValue() != value) {
        break;
      }
      shortest = rounded;
    }
    return shortest;
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
