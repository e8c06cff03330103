package io.github.httpreport.flink.table;

import io.github.httpreport.flink.HttpReportSinkBuilder;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsWritingMetadata;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.util.function.SerializableFunction;
import org.jspecify.annotations.Nullable;

/**
 * One table as a sink. It takes rows that are inserted and no others. The planner tells it the
 * metadata columns of the table, which follow the physical ones in each row.
 */
final class HttpReportDynamicSink implements DynamicTableSink, SupportsWritingMetadata {

  private final TableSettings settings;
  private final EncodingFormat<SerializationSchema<RowData>> format;
  private final DataType physicalType;
  private List<String> metadataKeys = List.of();

  HttpReportDynamicSink(
      TableSettings settings,
      EncodingFormat<SerializationSchema<RowData>> format,
      DataType physicalType) {
    this.settings = settings;
    this.format = format;
    this.physicalType = physicalType;
  }

  @Override
  public ChangelogMode getChangelogMode(ChangelogMode requested) {
    return ChangelogMode.insertOnly();
  }

  @Override
  public Map<String, DataType> listWritableMetadata() {
    return WritableMetadata.types();
  }

  @Override
  public void applyWritableMetadata(List<String> keys, DataType consumedType) {
    metadataKeys = List.copyOf(keys);
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    HttpReportSinkBuilder<RowData> sink = settings.toSink();
    sink.serializer(schema(context));
    sink.groupId(textOrDefault(WritableMetadata.GROUP_ID, settings.groupId()));
    sink.streamId(textOrDefault(WritableMetadata.STREAM_ID, settings.streamId()));
    setDataTime(sink);
    int key = position(WritableMetadata.KEY);
    if (key >= 0) {
      sink.key(row -> text(row, key, null));
    }
    try {
      return SinkV2Provider.of(sink.build(), settings.parallelism());
    } catch (IllegalArgumentException e) {
      throw new ValidationException("Invalid options: " + e.getMessage(), e);
    }
  }

  private SerializationSchema<RowData> schema(Context context) {
    SerializationSchema<RowData> schema = format.createRuntimeEncoder(context, physicalType);
    return metadataKeys.isEmpty() ? schema : new PhysicalColumns(schema, physicalColumns());
  }

  private int physicalColumns() {
    return DataType.getFieldCount(physicalType);
  }

  /** Where a metadata column is in a row; negative where the table has none. */
  private int position(WritableMetadata column) {
    int index = metadataKeys.indexOf(column.key());
    return index < 0 ? index : physicalColumns() + index;
  }

  private SerializableFunction<RowData, String> textOrDefault(
      WritableMetadata column, @Nullable String configured) {
    int position = position(column);
    if (position < 0 && (configured == null || configured.isBlank())) {
      String what = configured == null ? "is missing" : "must not be blank";
      throw new ValidationException(
          "Option '%s' %s, and the table has no metadata column '%s'"
              .formatted(column.key(), what, column.key()));
    }
    // A row that names nothing and has no default is refused like one with a blank name.
    String byDefault = configured == null ? "" : configured;
    return position < 0 ? row -> byDefault : row -> text(row, position, byDefault);
  }

  private static @Nullable String text(RowData row, int position, @Nullable String byDefault) {
    return row.isNullAt(position) ? byDefault : row.getString(position).toString();
  }

  private void setDataTime(HttpReportSinkBuilder<RowData> sink) {
    int position = position(WritableMetadata.DATA_TIME);
    if (position >= 0) {
      sink.dataTime(
          row ->
              row.isNullAt(position)
                  ? null
                  : row.getTimestamp(position, WritableMetadata.MILLIS).toInstant());
    }
  }

  @Override
  public DynamicTableSink copy() {
    HttpReportDynamicSink copy = new HttpReportDynamicSink(settings, format, physicalType);
    copy.metadataKeys = metadataKeys;
    return copy;
  }

  @Override
  public String asSummaryString() {
    return "HTTP Report";
  }
}
