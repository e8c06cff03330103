package io.github.httpreport.spring;

import org.springframework.beans.factory.BeanFactory;

/** Beans that properties name. */
final class SenderBeans {

  private SenderBeans() {}

  /**
   * The bean that a property names.
   *
   * @throws IllegalArgumentException if there is none, or of another type; the text names both
   */
  static <T> T required(BeanFactory beans, String property, String name, Class<T> type) {
    if (!beans.containsBean(name) || !beans.isTypeMatch(name, type)) {
      throw new IllegalArgumentException(
          property
              + " must be one of the documented words or the name of a bean of type "
              + type.getName()
              + ", but is "
              + name);
    }
    return beans.getBean(name, type);
  }
}
