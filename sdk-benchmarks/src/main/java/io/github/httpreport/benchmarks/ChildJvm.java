package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a main class of this module in a process of its own, on the same code. */
public final class ChildJvm {

  private ChildJvm() {}

  static Process start(Class<?> main, List<String> options, List<String> arguments)
      throws IOException {
    return prepare(main, options, arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /**
   * Prepares a process.
   *
   * @param main its main class
   * @param options those of the JVM
   * @param arguments those of the main class
   * @return the process, not started
   */
  public static ProcessBuilder prepare(
      Class<?> main, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(mainClass(main));
    command.addAll(arguments);
    return new ProcessBuilder(command);
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
