package app;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.micrometer.MicrometerSenderMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** What needs Micrometer, which is not always there. */
final class Meters {

  private Meters() {}

  static void countWith(HttpProxySender.Builder builder) {
    builder.metrics(new MicrometerSenderMetrics(new SimpleMeterRegistry(), "app"));
  }
}
