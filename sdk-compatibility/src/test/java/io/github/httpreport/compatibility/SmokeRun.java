package io.github.httpreport.compatibility;

import com.fasterxml.jackson.core.json.PackageVersion;
import io.github.httpreport.HttpProxySender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hc.core5.util.VersionInfo;

/**
 * The program of a child JVM: every smoke step with the libraries of its own class path. Prints
 * what it found, one line for each: {@code library <name> <version>}, {@code refused <text>},
 * {@code passed <step>} and {@code failed <step>: <error>}.
 */
final class SmokeRun {

  private SmokeRun() {}

  /**
   * Runs the steps.
   *
   * @param args a directory for its own files, that of the certificates, and the file with the
   *     references of the library
   */
  public static void main(String[] args) throws Exception {
    ClassLoader loader = SmokeRun.class.getClassLoader();
    printLibrary("httpclient5", VersionInfo.loadVersionInfo("org.apache.hc.client5", loader));
    printLibrary("httpcore5", VersionInfo.loadVersionInfo("org.apache.hc.core5", loader));
    System.out.println("library jackson " + PackageVersion.VERSION);
    printLibrary("micrometer", "io.micrometer.core.instrument.MeterRegistry");
    printLibrary("slf4j", "org.slf4j.Logger");
    if (isAccepted()) {
      Map<String, SmokeSteps.Step> steps = new LinkedHashMap<>();
      steps.put(
          "every method and field that the library uses is there",
          () -> References.check(Files.readAllLines(Path.of(args[2]))));
      steps.putAll(new DeliverySteps(Path.of(args[0])).steps());
      steps.putAll(new TlsSteps(Path.of(args[1])).steps());
      steps.forEach(SmokeRun::run);
    }
    System.exit(0);
  }

  private static void printLibrary(String name, VersionInfo info) {
    System.out.println("library " + name + ' ' + info.getRelease());
  }

  private static void printLibrary(String name, String type) throws ClassNotFoundException {
    Package found = Class.forName(type).getPackage();
    System.out.println("library " + name + ' ' + found.getImplementationVersion());
  }

  private static boolean isAccepted() {
    try (HttpProxySender sender = HttpProxySender.builder().nodes("127.0.0.1:1").build()) {
      return sender != null;
    } catch (IllegalStateException e) {
      System.out.println("refused " + e.getMessage());
      return false;
    }
  }

  private static void run(String name, SmokeSteps.Step step) {
    try {
      step.run();
      System.out.println("passed " + name);
    } catch (Throwable e) {
      System.out.println("failed " + name + ": " + e.toString().replace('\n', ' '));
    }
  }
}
