package io.github.httpreport.spring;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether the application describes a default sender: by a property that says where its server is,
 * or by connection details.
 */
final class DefaultSenderCondition extends SpringBootCondition implements ConfigurationCondition {

  private static final List<String> WHERE = List.of("manager", "nodes", "node-source", "protocol");

  @Override
  public ConfigurationPhase getConfigurationPhase() {
    return ConfigurationPhase.REGISTER_BEAN;
  }

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    ConditionMessage.Builder message = ConditionMessage.forCondition("HTTP Report sender");
    Binder binder = Binder.get(context.getEnvironment());
    List<String> set = WHERE.stream().filter(name -> isSet(binder, name)).toList();
    if (!set.isEmpty()) {
      return ConditionOutcome.match(message.found("property", "properties").items(set));
    }
    return hasDetails(context.getBeanFactory())
        ? ConditionOutcome.match(message.found("connection details").atAll())
        : ConditionOutcome.noMatch(
            message.because("neither http-report.manager nor http-report.nodes is set"));
  }

  private static boolean isSet(Binder binder, String name) {
    return binder
        .bind(SenderProperties.PREFIX + '.' + name, Bindable.listOf(String.class))
        .isBound();
  }

  private static boolean hasDetails(ConfigurableListableBeanFactory beans) {
    return Stream.of(beans)
        .map(each -> each.getBeanNamesForType(HttpReportConnectionDetails.class, true, false))
        .flatMap(Arrays::stream)
        .findAny()
        .isPresent();
  }
}
