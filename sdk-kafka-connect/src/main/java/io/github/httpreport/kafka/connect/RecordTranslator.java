package io.github.httpreport.kafka.connect;

import io.github.httpreport.Message;
import java.time.Instant;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Makes a report of a record. Its headers are ignored. For one thread. */
final class RecordTranslator implements AutoCloseable {

  private enum Tombstones {
    SKIP,
    FAIL,
    TEXT
  }

  private final DestinationRule destinations;
  private final TextConverter converter;
  private final boolean usesTime;
  private final boolean usesKey;
  private final Tombstones tombstones;
  private final String tombstoneText;

  RecordTranslator(HttpReportSinkConfig config) {
    destinations = new DestinationRule(config);
    converter = new TextConverter(config.text(HttpReportSinkConfig.JSON_DECIMAL_FORMAT));
    usesTime = config.usesRecordTime();
    usesKey = config.usesRecordKey();
    tombstones =
        switch (config.text(HttpReportSinkConfig.TOMBSTONES)) {
          case "fail" -> Tombstones.FAIL;
          case "text" -> Tombstones.TEXT;
          default -> Tombstones.SKIP;
        };
    String text = config.textOrNull(HttpReportSinkConfig.TOMBSTONE_TEXT);
    tombstoneText = text == null ? "" : text;
  }

  /**
   * Translates a record.
   *
   * @return the report; null for a tombstone that is skipped
   * @throws DataException if the record cannot be reported
   */
  @Nullable Report translate(SinkRecord record) {
    if (record.value() == null && tombstones == Tombstones.SKIP) {
      return null;
    }
    return new Report(
        destinations.of(record.topic()), Message.keyed(body(record), key(record)), time(record));
  }

  private String body(SinkRecord record) {
    if (record.value() != null) {
      return converter.text(record.topic(), record.valueSchema(), record.value());
    }
    if (tombstones == Tombstones.FAIL) {
      throw new DataException(
          "its value is null, which " + HttpReportSinkConfig.TOMBSTONES + " = fail refuses");
    }
    return tombstoneText;
  }

  private @Nullable String key(SinkRecord record) {
    return usesKey && record.key() != null
        ? converter.text(record.topic(), record.keySchema(), record.key())
        : null;
  }

  /** The negative timestamp is Kafka's mark for none. */
  private @Nullable Instant time(SinkRecord record) {
    Long timestamp = usesTime ? record.timestamp() : null;
    return timestamp == null || timestamp < 0 ? null : Instant.ofEpochMilli(timestamp);
  }

  @Override
  public void close() {
    converter.close();
  }
}
