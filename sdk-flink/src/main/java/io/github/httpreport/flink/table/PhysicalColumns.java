package io.github.httpreport.flink.table;

import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.utils.ProjectedRowData;
import org.jspecify.annotations.Nullable;

/** A format that sees the physical columns of a row, which come before those of metadata. */
final class PhysicalColumns implements SerializationSchema<RowData> {

  private static final long serialVersionUID = 1L;

  private final SerializationSchema<RowData> format;
  private final int count;

  /** Made in each subtask, and used by its thread alone. */
  private transient @Nullable ProjectedRowData columns;

  PhysicalColumns(SerializationSchema<RowData> format, int count) {
    this.format = format;
    this.count = count;
  }

  @Override
  public void open(InitializationContext context) throws Exception {
    format.open(context);
    columns = ProjectedRowData.from(IntStream.range(0, count).toArray());
  }

  @Override
  public byte[] serialize(RowData row) {
    if (columns == null) {
      throw new IllegalStateException("the format is not open");
    }
    return format.serialize(columns.replaceRow(row));
  }
}
