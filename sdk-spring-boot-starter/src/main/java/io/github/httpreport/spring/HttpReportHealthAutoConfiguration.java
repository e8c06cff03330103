package io.github.httpreport.spring;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SenderStatus;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Health of the senders with the actuator of Spring Boot 4: down only when nothing can be sent. One
 * sender is a component, several are a composite with a component for each.
 */
@AutoConfiguration(after = HttpReportAutoConfiguration.class)
@ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(ProxySender.class)
@ConditionalOnEnabledHealthIndicator(SenderHealth.NAME)
public class HttpReportHealthAutoConfiguration {

  /** Made by Spring. */
  public HttpReportHealthAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = {"httpReportHealthIndicator", "httpReportHealthContributor"})
  HealthContributor httpReportHealthContributor(Map<String, ProxySender> senders) {
    return senders.size() == 1
        ? indicator(senders.values().iterator().next())
        : CompositeHealthContributor.fromMap(senders, HttpReportHealthAutoConfiguration::indicator);
  }

  private static HealthIndicator indicator(ProxySender sender) {
    return () -> health(sender.status());
  }

  private static Health health(SenderStatus status) {
    Health.Builder health = status.available() ? Health.up() : Health.down();
    return health.withDetails(SenderHealth.details(status)).build();
  }
}
