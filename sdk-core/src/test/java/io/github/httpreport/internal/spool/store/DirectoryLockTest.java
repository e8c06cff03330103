package io.github.httpreport.internal.spool.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.httpreport.spool.SpoolException;
import io.github.httpreport.spool.SpoolException.Kind;
import io.github.httpreport.spool.SpoolSettings;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One sender at a time: of this process, of another class loader, of another process. */
class DirectoryLockTest {

  @TempDir private Path temp;

  private Path directory() {
    return temp.resolve("spool");
  }

  private Spool open() {
    return Spool.open(SpoolSettings.in(directory()), "InLong");
  }

  private void assertRefusedHere() {
    assertThatExceptionOfType(SpoolException.class)
        .isThrownBy(this::open)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.IN_USE));
  }

  /** What another process that opens the spool comes to. */
  private String otherPlace() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OpenElsewhere.class.getName(),
                directory().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
    process.waitFor();
    return output.lines().reduce("", (first, last) -> last);
  }

  /** Opens a spool in a process of its own, and prints what came of it, and of its lock file. */
  static final class OpenElsewhere {
    private OpenElsewhere() {}

    /** Of the spool that is its argument. */
    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      // The store has a lock of its own, which would hide that this one was lost.
      boolean free;
      try (FileChannel file =
          FileChannel.open(directory.resolve("spool.lock"), StandardOpenOption.WRITE)) {
        free = file.tryLock() != null;
      }
      try (Spool spool = Spool.open(SpoolSettings.in(directory), "InLong")) {
        System.out.println("opened with " + spool.messages() + ", lock free: " + free);
      } catch (SpoolException e) {
        System.out.println(e.kind() + ", lock free: " + free);
      }
    }
  }

  @Test
  void open_refusedInThisProcess_theFirstStillKeepsOtherProcessesOut() throws Exception {
    try (Spool first = open()) {
      assertRefusedHere();
      assertRefusedHere();

      assertThat(otherPlace()).isEqualTo("IN_USE, lock free: false");
      assertThat(first.messages()).isZero();
    }
    assertThat(otherPlace()).isEqualTo("opened with 0, lock free: true");
    open().close();
  }

  @Test
  void open_refusedByAnotherNameOfTheDirectory_theFirstStillKeepsOtherProcessesOut()
      throws Exception {
    Path link = temp.resolve("link");
    try (Spool first = open()) {
      Files.createSymbolicLink(link, directory());
      assertThatExceptionOfType(SpoolException.class)
          .isThrownBy(() -> Spool.open(SpoolSettings.in(link), "InLong"))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.IN_USE));

      assertThat(otherPlace()).isEqualTo("IN_USE, lock free: false");
      assertThat(first.messages()).isZero();
    }
  }

  @Test
  void open_refusedInAnotherClassLoader_theFirstStillKeepsOtherProcessesOut() throws Exception {
    List<URL> classPath = new ArrayList<>();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      classPath.add(Path.of(element).toUri().toURL());
    }
    try (Spool first = open();
        URLClassLoader loader =
            new URLClassLoader(
                classPath.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      Class<?> settings = loader.loadClass(SpoolSettings.class.getName());
      Object there = settings.getMethod("in", Path.class).invoke(null, directory());

      assertThat(settings).isNotSameAs(SpoolSettings.class);
      assertThatExceptionOfType(InvocationTargetException.class)
          .isThrownBy(
              () ->
                  loader
                      .loadClass(Spool.class.getName())
                      .getMethod("open", settings, String.class)
                      .invoke(null, there, "InLong"))
          .withStackTraceContaining("in use by another sender");
      assertThat(otherPlace()).isEqualTo("IN_USE, lock free: false");
      assertThat(first.messages()).isZero();
    }
  }

  @Test
  void open_lockFileCannotBeTaken_nothingIsHeld() throws Exception {
    Files.createDirectories(directory().resolve("spool.mv"));
    assertThatExceptionOfType(SpoolException.class).isThrownBy(this::open);
    Files.delete(directory().resolve("spool.mv"));

    open().close();
  }
}
