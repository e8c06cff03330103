package io.github.httpreport.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.PackageVersion;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.apache.hc.core5.util.VersionInfo;
import org.jspecify.annotations.Nullable;

/**
 * Versions of the libraries that the build of the application decides about. One that is too old is
 * refused when a sender is built, because it would fail later: with a {@link NoSuchMethodError} on
 * the I/O thread, which no caller sees. Where a library does not tell its version, as in a shaded
 * jar, a method that came with the oldest accepted version is looked for.
 */
public final class LibraryVersions {

  private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})(?![0-9]).*");

  private LibraryVersions() {}

  /**
   * Compares the versions that are there with those that are needed. Reads two small resources and
   * does no other I/O.
   *
   * @throws IllegalStateException if a library is too old; the text names the version found and the
   *     one needed
   */
  public static void check() {
    String client = orNull(() -> release("org.apache.hc.client5", HttpRoute.class));
    String core = orNull(() -> release("org.apache.hc.core5", VersionInfo.class));
    require("httpclient5", client, "5.2", LibraryVersions::methodOfClient);
    require("httpcore5", core, neededCore(client), LibraryVersions::methodOfCore);
    String jackson = orNull(PackageVersion.VERSION::toString);
    require("jackson-core", jackson, "2.15", LibraryVersions::methodOfJackson);
  }

  private static @Nullable String release(String library, Class<?> type) {
    VersionInfo info = VersionInfo.loadVersionInfo(library, type.getClassLoader());
    return info == null ? null : info.getRelease();
  }

  /**
   * From 5.4 on, httpclient5 uses what came with httpcore5 5.3; 5.6 works with that one as well.
   */
  static String neededCore(@Nullable String client) {
    return number(client) < number("5.4") ? "5.2" : "5.3";
  }

  /**
   * Refuses an old version.
   *
   * @param found null if the library does not tell it
   * @param newMethod finds what came with the needed version, and throws where it is missing
   */
  static void require(
      String library, @Nullable String found, String needed, Callable<?> newMethod) {
    boolean known = number(found) > 0;
    boolean old = known ? number(found) < number(needed) : orNull(newMethod) == null;
    if (old) {
      throw new IllegalStateException(
          library
              + " is there in "
              + (known ? "version " + found : "an unknown version")
              + ", but version "
              + needed
              + " or later is needed");
    }
  }

  /** Zero if it is unknown. */
  private static long number(@Nullable String version) {
    Matcher numbers = NUMBERS.matcher(version == null ? "" : version);
    return numbers.matches()
        ? Long.parseLong(numbers.group(1)) * 10_000 + Long.parseLong(numbers.group(2))
        : 0;
  }

  private static Object methodOfClient() throws ReflectiveOperationException {
    return PoolingAsyncClientConnectionManagerBuilder.class.getMethod(
        "setDefaultConnectionConfig", ConnectionConfig.class);
  }

  private static Object methodOfCore() throws ReflectiveOperationException {
    return TlsStrategy.class.getMethod(
        "upgrade",
        TransportSecurityLayer.class,
        NamedEndpoint.class,
        Object.class,
        Timeout.class,
        FutureCallback.class);
  }

  private static Object methodOfJackson() throws ReflectiveOperationException {
    return JsonParser.class.getMethod("streamReadConstraints");
  }

  private static <T> @Nullable T orNull(Callable<T> question) {
    try {
      return question.call();
    } catch (Exception | LinkageError missing) {
      return null;
    }
  }
}
