package io.github.httpreport.kafka.connect;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.jspecify.annotations.Nullable;

/**
 * Turns keys and values into text: a string stays as it is, bytes are read as UTF-8, and everything
 * else becomes JSON without a schema, by Connect's own converter. For one thread.
 */
final class TextConverter implements AutoCloseable {

  private static final char REPLACEMENT = '\uFFFD';

  private final JsonConverter json = new JsonConverter();

  /**
   * A converter.
   *
   * @param decimalFormat how decimals are written: {@code NUMERIC} or {@code BASE64}
   */
  TextConverter(String decimalFormat) {
    json.configure(Map.of("schemas.enable", "false", "decimal.format", decimalFormat), false);
  }

  /**
   * Converts a key or value that is not null.
   *
   * @throws DataException if it is no text and cannot be written as JSON
   */
  String text(String topic, @Nullable Schema schema, Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof byte[] bytes) {
      return utf8(bytes);
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return utf8(bytes);
    }
    return json(topic, schema, value);
  }

  /** Without the converter's exception, whose text may hold the value. */
  private String json(String topic, @Nullable Schema schema, Object value) {
    try {
      return new String(json.fromConnectData(topic, schema, value), StandardCharsets.UTF_8);
    } catch (RuntimeException e) {
      throw new DataException(
          "its "
              + value.getClass().getSimpleName()
              + " cannot be written as JSON: "
              + e.getClass().getSimpleName());
    }
  }

  /** The lenient decoder is the fast one, and marks what it cannot read. */
  private static String utf8(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0 ? text : strictly(bytes);
  }

  private static String strictly(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new DataException("its bytes are no UTF-8 text", e);
    }
  }

  @Override
  public void close() {
    json.close();
  }
}
