package io.github.httpreport.flink;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import java.io.Serializable;
import java.time.Instant;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.util.function.SerializableFunction;
import org.jspecify.annotations.Nullable;

/**
 * The functions that make a message and its destination of a record.
 *
 * @param groupId names the group
 * @param streamId names the stream
 * @param schema makes the body, as bytes in UTF-8; null where {@code text} does
 * @param text makes the body; null where {@code schema} does
 * @param dataTime gives the time of the data; null for none
 * @param isTimedByEvents whether the time of the data is Flink's timestamp of the record
 * @param key gives the key; null for none
 */
record RecordMapping<T>(
    SerializableFunction<T, String> groupId,
    SerializableFunction<T, String> streamId,
    @Nullable SerializationSchema<T> schema,
    @Nullable SerializableFunction<T, String> text,
    @Nullable SerializableFunction<T, @Nullable Instant> dataTime,
    boolean isTimedByEvents,
    @Nullable SerializableFunction<T, @Nullable String> key)
    implements Serializable {

  void open(SerializationSchema.InitializationContext context) throws Exception {
    if (schema != null) {
      schema.open(context);
    }
  }

  /**
   * What to report of a record.
   *
   * @param timestamp Flink's timestamp of the record
   * @throws InvalidRecordException if a function or the schema gives nothing for the record, or
   *     bytes that are no text in UTF-8
   */
  Report report(T element, @Nullable Long timestamp) {
    Message message = Message.keyed(body(element), key == null ? null : key.apply(element));
    return new Report(message, destination(element), dataTime(element, timestamp));
  }

  private Destination destination(T element) {
    String group = groupId.apply(element);
    String stream = streamId.apply(element);
    try {
      return new Destination(group, stream);
    } catch (IllegalArgumentException e) {
      throw new InvalidRecordException(e.getMessage(), e);
    }
  }

  private @Nullable Instant dataTime(T element, @Nullable Long timestamp) {
    if (dataTime != null) {
      return dataTime.apply(element);
    }
    return isTimedByEvents && timestamp != null ? Instant.ofEpochMilli(timestamp) : null;
  }

  private String body(T element) {
    String body = schema == null ? textOf(element) : textOf(schema.serialize(element));
    if (body == null) {
      throw new InvalidRecordException("body must not be null", null);
    }
    return body;
  }

  private @Nullable String textOf(T element) {
    return text == null ? null : text.apply(element);
  }

  private static @Nullable String textOf(byte @Nullable [] bytes) {
    return bytes == null ? null : Utf8.decode(bytes);
  }
}
