package io.github.httpreport.internal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** An implementation of an interface, one method of which throws for its first calls. */
final class Faulty {

  private final String method;
  private final Throwable thrown;
  private final int calls;
  private final AtomicInteger left;

  /**
   * @param method its name, as {@link #methods} tells it
   * @param calls how many of them throw
   */
  Faulty(String method, Throwable thrown, int calls) {
    this.method = method;
    this.thrown = thrown;
    this.calls = calls;
    left = new AtomicInteger(calls);
  }

  /** What can be called on an implementation, by name and number of arguments. */
  static List<String> methods(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .map(Faulty::nameOf)
        .distinct()
        .sorted()
        .toList();
  }

  private static String nameOf(Method method) {
    return method.getDeclaringClass().getSimpleName()
        + '.'
        + method.getName()
        + '/'
        + method.getParameterCount();
  }

  <T> T around(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              if (nameOf(called).equals(method) && left.getAndDecrement() > 0) {
                throw thrown;
              }
              try {
                return called.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  boolean isOneOf(Set<String> methods) {
    return methods.contains(method);
  }

  boolean hasThrown() {
    return left.get() < calls;
  }
}
