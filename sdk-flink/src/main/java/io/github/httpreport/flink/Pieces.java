package io.github.httpreport.flink;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.flink.util.function.SerializableFunction;
import org.jspecify.annotations.Nullable;

/** Checks of what a builder is given to send along with a job. */
final class Pieces {

  private Pieces() {}

  /**
   * Refuses by name what is null or cannot be serialized.
   *
   * @return the piece
   */
  static <P extends Serializable> P serializable(@Nullable P piece, String name) {
    P present = required(piece, name);
    try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
      out.writeObject(present);
      return present;
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(name + " must be serializable, but is not: " + e, e);
    }
  }

  static <P> P required(@Nullable P piece, String name) {
    if (piece == null) {
      throw new IllegalArgumentException(name + " must be set");
    }
    return piece;
  }

  /** Refuses an array without texts, and one with a gap. */
  static String[] texts(@Nullable String @Nullable [] texts) {
    if (texts == null || Arrays.asList(texts).contains(null)) {
      throw new IllegalArgumentException("must be texts, but one is null");
    }
    return texts;
  }

  /** A function that gives this text for every record. */
  static <T> SerializableFunction<T, String> constant(@Nullable String text, String name) {
    if (required(text, name).isBlank()) {
      throw new IllegalArgumentException(name + " must not be blank");
    }
    return element -> text;
  }
}
