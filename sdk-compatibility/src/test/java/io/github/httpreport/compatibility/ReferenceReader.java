package io.github.httpreport.compatibility;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Reader of the methods, constructors and fields of other libraries that the compiled library
 * refers to. Runs in the JVM of the test, because a smoke run has no ArchUnit.
 */
final class ReferenceReader {

  private static final List<String> LIBRARIES =
      List.of(
          "org.apache.",
          "com.fasterxml.",
          "io.github.resilience4j.",
          "org.slf4j.",
          "io.micrometer.",
          "org.h2.");

  /** Called where its absence is expected: it came with Jackson 2.16. */
  private static final String MAX_NAME_LENGTH = "StreamReadConstraints$Builder maxNameLength int";

  private ReferenceReader() {}

  /** Reads class files; a reference is owner, return type, name and parameter types. */
  static List<String> of(Path library) throws IOException {
    return classes(library).stream()
        .flatMap(type -> accesses(type))
        .map(JavaAccess::getTarget)
        .filter(target -> LIBRARIES.stream().anyMatch(target.getOwner().getName()::startsWith))
        .map(ReferenceReader::described)
        .filter(reference -> !reference.endsWith(MAX_NAME_LENGTH))
        .distinct()
        .sorted()
        .toList();
  }

  /** From a directory, or from a jar once the library is packaged. */
  private static JavaClasses classes(Path library) throws IOException {
    ClassFileImporter importer = new ClassFileImporter();
    if (Files.isDirectory(library)) {
      return importer.importPath(library);
    }
    try (JarFile jar = new JarFile(library.toFile())) {
      return importer.importJar(jar);
    }
  }

  private static Stream<? extends JavaAccess<?>> accesses(JavaClass type) {
    return Stream.of(
            type.getMethodCallsFromSelf(),
            type.getMethodReferencesFromSelf(),
            type.getConstructorCallsFromSelf(),
            type.getConstructorReferencesFromSelf(),
            type.getFieldAccessesFromSelf())
        .flatMap(accesses -> accesses.stream());
  }

  private static String described(AccessTarget target) {
    List<String> text = new ArrayList<>();
    text.add(target.getOwner().getName());
    if (target instanceof AccessTarget.CodeUnitAccessTarget code) {
      text.add(code.getRawReturnType().getName());
      text.add(code.getName());
      code.getRawParameterTypes().stream().map(HasName::getName).forEach(text::add);
    } else {
      text.add("field");
      text.add(target.getName());
    }
    return String.join(" ", text);
  }
}
