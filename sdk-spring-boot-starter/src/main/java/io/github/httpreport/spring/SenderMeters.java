package io.github.httpreport.spring;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.micrometer.MicrometerSenderMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/** Metrics of a sender: Micrometer's where the application has a registry. */
final class SenderMeters {

  private static final String MICROMETER = "micrometer";

  private final BeanFactory beans;

  SenderMeters(BeanFactory beans) {
    this.beans = beans;
  }

  /**
   * Sets the metrics of a sender.
   *
   * @param name the name of the sender, which its meters are tagged with
   * @param property the property; null where it is not set
   */
  void apply(HttpProxySender.Builder builder, String name, @Nullable String property) {
    if (property == null || property.equals(MICROMETER)) {
      SenderMetrics micrometer = isPresent() ? Micrometer.metrics(beans, name) : null;
      if (micrometer != null) {
        builder.metrics(micrometer);
      } else if (property != null) {
        throw new IllegalArgumentException(
            "metrics is micrometer, which needs one MeterRegistry bean, and there is none");
      }
    } else if (!property.equals("none")) {
      builder.metrics(SenderBeans.required(beans, "metrics", property, SenderMetrics.class));
    }
  }

  private static boolean isPresent() {
    return ClassUtils.isPresent(
        "io.micrometer.core.instrument.MeterRegistry", SenderMeters.class.getClassLoader());
  }

  /** Loaded only where Micrometer is there. */
  private static final class Micrometer {

    static @Nullable SenderMetrics metrics(BeanFactory beans, String name) {
      MeterRegistry registry = beans.getBeanProvider(MeterRegistry.class).getIfUnique();
      return registry == null ? null : new MicrometerSenderMetrics(registry, name);
    }
  }
}
