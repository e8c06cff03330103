package io.github.httpreport.spring;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Small contexts with the senders' auto-configuration. */
final class Contexts {

  private Contexts() {}

  static ApplicationContextRunner runner(String... properties) {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(HttpReportAutoConfiguration.class, SslAutoConfiguration.class))
        .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=2s")
        .withPropertyValues(properties);
  }
}
