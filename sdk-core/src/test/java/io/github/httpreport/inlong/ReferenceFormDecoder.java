package io.github.httpreport.inlong;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a form as a DataProxy does, but takes nothing that is not well-formed. */
final class ReferenceFormDecoder {

  private ReferenceFormDecoder() {}

  /** The raw values by name, in order; a name that comes twice is refused. */
  static Map<String, byte[]> fields(byte[] form) {
    Map<String, byte[]> fields = new LinkedHashMap<>();
    for (String field : new String(form, ISO_8859_1).split("&", -1)) {
      int equals = field.indexOf('=');
      byte[] value = field.substring(equals + 1).getBytes(ISO_8859_1);
      if (fields.put(field.substring(0, equals), value) != null) {
        throw new AssertionError("twice: " + field);
      }
    }
    return fields;
  }

  /** The text of a raw value, cut at a semicolon as the server cuts it. */
  static String decode(byte[] value) throws CharacterCodingException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < value.length && value[i] != ';'; i++) {
      switch (value[i]) {
        case '+' -> bytes.write(' ');
        case '%' -> {
          bytes.write(hex(value[i + 1]) * 16 + hex(value[i + 2]));
          i += 2;
        }
        default -> bytes.write(value[i]);
      }
    }
    return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
  }

  private static int hex(byte digit) {
    int value = "0123456789ABCDEF".indexOf(digit);
    if (value < 0) {
      throw new AssertionError("not an upper-case hexadecimal digit: " + digit);
    }
    return value;
  }
}
