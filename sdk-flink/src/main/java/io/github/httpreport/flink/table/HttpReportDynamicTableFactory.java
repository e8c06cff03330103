package io.github.httpreport.flink.table;

import java.util.Set;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.FactoryUtil.TableFactoryHelper;
import org.apache.flink.table.factories.SerializationFormatFactory;

/**
 * The connector {@code http-report} of Flink SQL. Flink finds it by its service loader and makes a
 * sink of it when a statement writes to a table; a wrong option is refused then, with a {@link
 * org.apache.flink.table.api.ValidationException} that names it.
 */
public final class HttpReportDynamicTableFactory implements DynamicTableSinkFactory {

  private static final String IDENTIFIER = "http-report";

  /** Called by Flink's service loader. */
  public HttpReportDynamicTableFactory() {}

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(FactoryUtil.FORMAT);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return HttpReportOptions.OPTIONAL;
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    EncodingFormat<SerializationSchema<RowData>> format =
        helper.discoverEncodingFormat(SerializationFormatFactory.class, FactoryUtil.FORMAT);
    helper.validate();
    TableSettings settings = new TableSettings(helper.getOptions(), context.getClassLoader());
    return new HttpReportDynamicSink(settings, format, context.getPhysicalRowDataType());
  }
}
