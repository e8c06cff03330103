package io.github.httpreport.spring;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/**
 * Senders of the properties {@code http-report.*}: the default one, unless the application has a
 * {@link ProxySender} of its own, and the named ones.
 */
@AutoConfiguration(
    after = SslAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnProperty(prefix = SenderProperties.PREFIX, name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties({SenderProperties.class, NamedSenderProperties.class})
@Import(NamedSenderRegistrar.class)
public class HttpReportAutoConfiguration {

  /** Made by Spring. */
  public HttpReportAutoConfiguration() {}

  @Bean
  SenderFactory httpReportSenderFactory(
      BeanFactory beans,
      ObjectProvider<SslBundles> bundles,
      ObjectProvider<HttpReportConnectionDetails> details,
      ObjectProvider<HttpReportSenderCustomizer> customizers) {
    return new SenderFactory(
        beans, new SenderTls(bundles), new SenderMeters(beans), details, customizers);
  }

  @Bean
  @Primary
  @Conditional(DefaultSenderCondition.class)
  @ConditionalOnMissingBean(ProxySender.class)
  HttpProxySender httpReportSender(SenderFactory factory, SenderProperties properties) {
    return factory.create(SenderProperties.DEFAULT_SENDER, properties);
  }

  @Bean
  SenderLifecycle httpReportSenderLifecycle(
      ConfigurableApplicationContext context,
      SenderProperties properties,
      NamedSenderProperties named) {
    return new SenderLifecycle(context, closeTimeouts(properties, named.senders()));
  }

  private static Map<String, Duration> closeTimeouts(
      SenderProperties properties, Map<String, SenderProperties> named) {
    Map<String, Duration> timeouts = new HashMap<>();
    put(timeouts, "httpReportSender", properties);
    named.forEach((name, own) -> put(timeouts, NamedSenderRegistrar.beanName(name), own));
    return timeouts;
  }

  private static void put(
      Map<String, Duration> timeouts, String beanName, SenderProperties properties) {
    if (properties.closeTimeout() != null) {
      timeouts.put(beanName, properties.closeTimeout());
    }
  }
}
