package io.github.httpreport.compatibility;

import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The check in a smoke run that what {@link ReferenceReader} found in the library exists in the
 * other libraries of the class path, also for code that no step runs.
 */
final class References {

  private References() {}

  /** Fails with all that are not there. */
  static void check(List<String> references) {
    SmokeSteps.isTrue(references.size() > 100, "only " + references.size() + " references");
    String missing =
        references.stream()
            .filter(reference -> !isThere(reference.split(" ")))
            .collect(Collectors.joining("; "));
    SmokeSteps.isTrue(missing.isEmpty(), "missing: " + missing);
  }

  private static boolean isThere(String[] text) {
    try {
      Class<?> owner = Class.forName(text[0], false, References.class.getClassLoader());
      if (text[1].equals("field")) {
        return withSupertypes(owner)
            .flatMap(type -> Stream.of(type.getDeclaredFields()))
            .anyMatch(field -> field.getName().equals(text[2]));
      }
      return text[2].equals("<init>")
          ? Stream.of(owner.getDeclaredConstructors()).anyMatch(found -> takes(found, text))
          : withSupertypes(owner)
              .flatMap(type -> Stream.of(type.getDeclaredMethods()))
              .anyMatch(found -> isMethod(found, text));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static boolean isMethod(Method found, String[] text) {
    return found.getName().equals(text[2])
        && found.getReturnType().getName().equals(text[1])
        && takes(found, text);
  }

  private static boolean takes(Executable found, String[] text) {
    return Stream.of(found.getParameterTypes())
        .map(Class::getName)
        .toList()
        .equals(Arrays.asList(text).subList(3, text.length));
  }

  /** What a class inherits from, an interface from {@link Object} too. */
  private static Stream<Class<?>> withSupertypes(Class<?> type) {
    Stream<Class<?>> above = Stream.of(type.getInterfaces());
    Class<?> parent = type.getSuperclass();
    if (parent != null) {
      above = Stream.concat(above, Stream.of(parent));
    } else if (type.isInterface()) {
      above = Stream.concat(above, Stream.of(Object.class));
    }
    return Stream.concat(Stream.of(type), above.flatMap(References::withSupertypes));
  }
}
