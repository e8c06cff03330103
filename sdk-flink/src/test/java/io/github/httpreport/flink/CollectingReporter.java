package io.github.httpreport.flink;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Knows every metric of the Flink cluster of the tests that a sink has now, and the last value of
 * those that are gone: a metric itself would keep the class loader of its job.
 */
public final class CollectingReporter implements MetricReporter, MetricReporterFactory {

  private static final Map<String, Metric> METRICS = new ConcurrentHashMap<>();
  private static final Map<String, Long> LAST_VALUES = new ConcurrentHashMap<>();

  /** The value of the metric of this name that a writer has or had last; -1 if none had one. */
  static long value(String name) {
    Metric metric = METRICS.get(name);
    return metric == null ? LAST_VALUES.getOrDefault(name, -1L) : value(metric);
  }

  private static long value(Metric metric) {
    if (metric instanceof Counter counter) {
      return counter.getCount();
    }
    return metric instanceof Gauge<?> gauge ? ((Number) gauge.getValue()).longValue() : -1;
  }

  static void clear() {
    METRICS.clear();
    LAST_VALUES.clear();
  }

  @Override
  public MetricReporter createMetricReporter(Properties properties) {
    return this;
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    if (isOfWriter(group)) {
      METRICS.put(key(name, group), metric);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    if (isOfWriter(group)) {
      LAST_VALUES.put(key(name, group), value(metric));
      METRICS.remove(key(name, group), metric);
    }
  }

  private static boolean isOfWriter(MetricGroup group) {
    return scope(group).contains("Writer");
  }

  private static String key(String name, MetricGroup group) {
    return scope(group).endsWith("httpReport") ? "httpReport." + name : name;
  }

  private static String scope(MetricGroup group) {
    return String.join(".", group.getScopeComponents());
  }
}
