package io.github.httpreport.spring;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.ProxySender;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Lifecycle of all senders of a context: closes them after the web server and everything else with
 * a higher phase has stopped, and before the meter registries.
 *
 * <p>States: running from {@link #start()} to {@link #stop(Runnable)}. A stop of a context that is
 * closing closes the senders, all at the same time and each on a thread of its own; a stop of a
 * context that may start again only flushes them. Spring calls start and stop on one thread at a
 * time and waits for the callback of the stop, for {@code
 * spring.lifecycle.timeout-per-shutdown-phase} at most; the time to close is that time less a
 * margin, so that the report comes within it. The registries are closed by the thread whose sender
 * is the last to close.
 */
final class SenderLifecycle
    implements SmartLifecycle,
        ApplicationListener<ContextClosedEvent>,
        SmartInitializingSingleton,
        DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(SenderLifecycle.class);

  /** The web server stops with 2,048 less than the highest phase; lower phases stop later. */
  static final int PHASE = DEFAULT_PHASE - 4096;

  private static final String TIMEOUT_PROPERTY = "spring.lifecycle.timeout-per-shutdown-phase";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** What close takes beyond its timeout at most, to end futures, connections and threads. */
  private static final Duration MAX_MARGIN = Duration.ofSeconds(3);

  private final ConfigurableApplicationContext context;
  private final Map<String, Duration> closeTimeouts;
  private final RegistryClosing registries;
  private volatile boolean running;
  private volatile boolean closing;

  /**
   * A lifecycle for the senders of a context.
   *
   * @param closeTimeouts the close timeouts that properties set, by bean name
   */
  SenderLifecycle(ConfigurableApplicationContext context, Map<String, Duration> closeTimeouts) {
    this.context = context;
    this.closeTimeouts = closeTimeouts;
    registries = new RegistryClosing(context);
  }

  @Override
  public void afterSingletonsInstantiated() {
    if (!senders().isEmpty()) {
      registries.defer();
    }
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    if (event.getApplicationContext() == context) {
      closing = true;
      registries.closingBegan(event);
    }
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  /** Overrides a method of Spring 7: a paused context keeps its senders. */
  @SuppressWarnings("unused")
  public boolean isPauseable() {
    return false;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public void stop() {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    stop(() -> stopped.complete(null));
    stopped.join();
  }

  @Override
  public void stop(Runnable callback) {
    running = false;
    Duration timeout = timeout();
    (closing ? closeAll(timeout) : flushAll(timeout))
        .whenComplete((done, error) -> end(callback, error));
  }

  private void end(Runnable callback, Throwable error) {
    if (error != null) {
      LOG.error("A sender could not be stopped", error);
    }
    if (closing) {
      registries.close();
    }
    callback.run();
  }

  private CompletableFuture<Void> closeAll(Duration timeout) {
    return allOf(
        senders().entrySet().stream()
            .map(entry -> close(entry.getKey(), entry.getValue(), timeout))
            .toList());
  }

  private CompletableFuture<Void> close(String name, ProxySender sender, Duration timeout) {
    Duration own = closeTimeouts.getOrDefault(name, timeout);
    Duration shorter = own.compareTo(timeout) < 0 ? own : timeout;
    return CompletableFuture.runAsync(
        () -> report(name, sender.close(shorter)),
        task -> new Thread(task, "http-report-close-" + name).start());
  }

  private static void report(String name, CloseSummary summary) {
    if (summary.abandoned() > 0) {
      LOG.warn(
          "{} is closed and leaves {} messages undelivered; sent: {}, failed: {}, spooled: {}",
          name,
          summary.abandoned(),
          summary.sent(),
          summary.failed(),
          summary.spooled());
    } else {
      LOG.info(
          "{} is closed and leaves nothing behind; sent: {}, failed: {}, spooled: {}",
          name,
          summary.sent(),
          summary.failed(),
          summary.spooled());
    }
  }

  private CompletableFuture<Void> flushAll(Duration timeout) {
    return allOf(senders().values().stream().map(ProxySender::flush).toList())
        .completeOnTimeout(null, timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static CompletableFuture<Void> allOf(List<CompletableFuture<Void>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
  }

  private Duration timeout() {
    Duration phase =
        Binder.get(context.getEnvironment())
            .bind(TIMEOUT_PROPERTY, Duration.class)
            .orElse(DEFAULT_TIMEOUT);
    Duration half = phase.dividedBy(2);
    return phase.minus(half.compareTo(MAX_MARGIN) < 0 ? half : MAX_MARGIN);
  }

  /** Those that were made; none is made now. */
  private Map<String, ProxySender> senders() {
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    Map<String, ProxySender> senders = new LinkedHashMap<>();
    for (String name : beans.getBeanNamesForType(ProxySender.class, false, false)) {
      if (beans.containsSingleton(name)) {
        senders.put(name, beans.getBean(name, ProxySender.class));
      }
    }
    return senders;
  }

  /** A context whose start failed destroys what it has without a stop. */
  @Override
  public void destroy() {
    registries.close();
  }
}
