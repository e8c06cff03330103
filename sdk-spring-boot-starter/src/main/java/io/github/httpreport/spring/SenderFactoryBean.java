package io.github.httpreport.spring;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;

/** A named sender. Made with the singletons, so that a wrong property fails the start. */
final class SenderFactoryBean implements FactoryBean<ProxySender>, DisposableBean {

  private final HttpProxySender sender;

  SenderFactoryBean(String key, NamedSenderProperties properties, SenderFactory factory) {
    SenderProperties own = properties.senders().get(key);
    if (own == null) {
      throw new IllegalStateException("there are no properties " + SenderProperties.prefixOf(key));
    }
    sender = factory.create(key, own);
  }

  @Override
  public ProxySender getObject() {
    return sender;
  }

  @Override
  public Class<?> getObjectType() {
    return ProxySender.class;
  }

  @Override
  public void destroy() {
    sender.close();
  }
}
