package io.github.httpreport.spring;

import io.github.httpreport.ProxySender;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConstructorArgumentValues;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Registers a sender for each key of {@code http-report.senders}. */
final class NamedSenderRegistrar implements ImportBeanDefinitionRegistrar {

  /** The name of the bean of a named sender ends with this. */
  static final String BEAN_SUFFIX = "Sender";

  private final Environment environment;

  NamedSenderRegistrar(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata importing, BeanDefinitionRegistry registry) {
    names(environment).forEach(name -> registry.registerBeanDefinition(beanName(name), bean(name)));
  }

  static String beanName(String sender) {
    return sender + BEAN_SUFFIX;
  }

  /** The keys alone: the values are bound when the senders are made. */
  static Set<String> names(Environment environment) {
    Bindable<Map<String, Object>> keys = Bindable.mapOf(String.class, Object.class);
    return Binder.get(environment)
        .bind(SenderProperties.PREFIX + ".senders", keys)
        .map(Map::keySet)
        .orElseGet(Set::of);
  }

  private static RootBeanDefinition bean(String name) {
    RootBeanDefinition bean = new RootBeanDefinition(SenderFactoryBean.class);
    ConstructorArgumentValues arguments = bean.getConstructorArgumentValues();
    arguments.addIndexedArgumentValue(0, name);
    bean.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
    bean.setTargetType(ResolvableType.forClassWithGenerics(FactoryBean.class, ProxySender.class));
    bean.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
    return bean;
  }
}
