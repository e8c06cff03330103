package io.github.httpreport.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The machine, on which the figures of a run depend as on the code. */
final class Machine {

  private Machine() {}

  static String describe() {
    return "Machine: " + cores() + " cores, JDK " + jdk() + ", " + system() + ".";
  }

  static ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    return node.put("cores", cores()).put("jdk", jdk()).put("system", system());
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static String jdk() {
    return Runtime.version().toString();
  }

  private static String system() {
    return System.getProperty("os.name") + ' ' + System.getProperty("os.arch");
  }
}
