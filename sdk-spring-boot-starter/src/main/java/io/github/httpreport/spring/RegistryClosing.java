package io.github.httpreport.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Close of the meter registries of a context, put behind that of the senders. Spring Boot closes
 * registries as soon as the context begins to close, when the web server still takes requests: what
 * is sent, or lost, from then on would be in no registry that publishes. {@link #defer()} takes the
 * listener of Spring Boot that does so out of the events; {@link #close()} calls it, once.
 *
 * <p>Used by one thread at a time, but not always the same; {@code close} may be called by several.
 */
final class RegistryClosing {

  /** Those of Spring Boot 3 and of Spring Boot 4. */
  private static final Set<String> CLOSERS =
      Set.of(
          "org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration"
              + "$MeterRegistryCloser",
          "org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCloser");

  private final ConfigurableApplicationContext context;
  private final List<ApplicationListener<ContextClosedEvent>> closers = new ArrayList<>(1);
  private final AtomicReference<@Nullable ContextClosedEvent> began = new AtomicReference<>();

  RegistryClosing(ConfigurableApplicationContext context) {
    this.context = context;
  }

  void defer() {
    for (String name : context.getBeanNamesForType(ApplicationListener.class, true, false)) {
      Class<?> type = context.getType(name);
      if (type != null && CLOSERS.contains(type.getName())) {
        defer(name);
      }
    }
  }

  @SuppressWarnings("unchecked") // Both classes listen to this event.
  private void defer(String name) {
    ApplicationListener<ContextClosedEvent> closer =
        (ApplicationListener<ContextClosedEvent>) context.getBean(name);
    ApplicationEventMulticaster events =
        context.getBean(
            AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
            ApplicationEventMulticaster.class);
    events.removeApplicationListenerBean(name);
    events.removeApplicationListener(closer);
    closers.add(closer);
  }

  void closingBegan(ContextClosedEvent event) {
    began.set(event);
  }

  void close() {
    ContextClosedEvent event = began.getAndSet(null);
    if (event != null) {
      closers.forEach(closer -> closer.onApplicationEvent(event));
    }
  }
}
