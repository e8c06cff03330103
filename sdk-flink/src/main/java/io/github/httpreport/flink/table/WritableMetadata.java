package io.github.httpreport.flink.table;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;

/** The metadata columns that a table may have. */
enum WritableMetadata {
  /** The time that a row belongs to; null for the time of sending. */
  DATA_TIME("data-time"),
  /** The stream of a row; null for the one in the options. */
  STREAM_ID("stream-id"),
  /** The group of a row; null for the one in the options. */
  GROUP_ID("group-id"),
  /** The key of a row, for servers that have keyed messages; null for none. */
  KEY("key");

  /** The precision of data times. */
  static final int MILLIS = 3;

  private final String key;

  WritableMetadata(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  static Map<String, DataType> types() {
    Map<String, DataType> types = new LinkedHashMap<>();
    Arrays.stream(values()).forEach(column -> types.put(column.key, column.type()));
    return types;
  }

  private DataType type() {
    return this == DATA_TIME ? DataTypes.TIMESTAMP_LTZ(MILLIS) : DataTypes.STRING();
  }
}
