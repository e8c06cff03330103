package io.github.httpreport.examples.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a main class of this package in a process of its own, on the same code. */
final class ChildJvm {

  private ChildJvm() {}

  static Process start(Class<?> main, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(mainClass(main));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static List<String> mainClass(Class<?> main) {
    Module module = main.getModule();
    return module.isNamed()
        ? List.of(
            "--module-path",
            System.getProperty("jdk.module.path"),
            "--module",
            module.getName() + '/' + main.getName())
        : List.of("-classpath", System.getProperty("java.class.path"), main.getName());
  }
}
