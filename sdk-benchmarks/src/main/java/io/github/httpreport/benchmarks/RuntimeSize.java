package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** How much an application that uses the library has to carry. */
final class RuntimeSize {

  private static final double BYTES_PER_MB = 1_000_000;

  /** One class of each jar, sdk-core's first. */
  private static final List<String> ANCHORS =
      List.of(
          "io.github.httpreport.HttpProxySender",
          "org.apache.hc.client5.http.HttpRoute",
          "org.apache.hc.core5.http.HttpHost",
          "org.apache.hc.core5.http2.HttpVersionPolicy",
          "com.fasterxml.jackson.databind.JsonNode",
          "com.fasterxml.jackson.core.JsonFactory",
          "com.fasterxml.jackson.annotation.JsonProperty",
          "org.apache.commons.lang3.StringUtils",
          "io.github.resilience4j.retry.Retry",
          "io.github.resilience4j.core.IntervalFunction",
          "org.slf4j.Logger",
          "org.jspecify.annotations.Nullable");

  /** What else is in the jar that holds everything. */
  private static final List<String> OTHERS =
      List.of(
          "io/github/httpreport/examples/",
          "io/github/httpreport/benchmarks/",
          "io/github/httpreport/testkit/",
          "picocli/",
          "me/tongfei/",
          "org/jline/",
          "ch/qos/logback/",
          "io/netty/",
          "org/h2/",
          "META-INF/native-image/io.netty/",
          "META-INF/maven/");

  private RuntimeSize() {}

  /** In megabytes: of the jars, or of the entries of the one jar that all are in. */
  static Summary measure() throws IOException {
    Set<Path> places = new LinkedHashSet<>();
    for (String anchor : ANCHORS) {
      places.add(placeOf(anchor));
    }
    long bytes = 0;
    for (Path place : places) {
      bytes += Files.isDirectory(place) ? ofDirectory(place) : ofJar(place, places.size() == 1);
    }
    return Summary.of(DoubleStream.of(bytes / BYTES_PER_MB));
  }

  private static Path placeOf(String className) throws IOException {
    try {
      Class<?> type = Class.forName(className, false, RuntimeSize.class.getClassLoader());
      CodeSource source = type.getProtectionDomain().getCodeSource();
      URI location = source.getLocation().toURI();
      return Path.of(location);
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IOException("cannot tell where " + className + " comes from", e);
    }
  }

  private static long ofDirectory(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(Path::toFile).filter(file -> file.isFile()).mapToLong(f -> f.length()).sum();
    }
  }

  private static long ofJar(Path jar, boolean holdsEverything) throws IOException {
    if (!holdsEverything) {
      return Files.size(jar);
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .filter(entry -> OTHERS.stream().noneMatch(entry.getName()::startsWith))
          .mapToLong(JarEntry::getCompressedSize)
          .sum();
    }
  }
}
