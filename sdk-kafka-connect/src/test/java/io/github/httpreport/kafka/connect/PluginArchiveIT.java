package io.github.httpreport.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.testkit.LocalCluster;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.runtime.isolation.PluginClassLoader;
import org.apache.kafka.connect.runtime.isolation.PluginDesc;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that the build makes, unpacked into a plugin path as its README says. */
class PluginArchiveIT {

  private static final String CONNECTOR =
      "io.github.httpreport.kafka.connect.HttpReportSinkConnector";

  @TempDir static Path pluginPath;

  private static Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    try (InputStream in = Files.newInputStream(Path.of(System.getProperty("plugin.archive")));
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = pluginPath.resolve(entry.getName()).normalize();
        assertThat(file).startsWithRaw(pluginPath);
        if (!entry.isDirectory()) {
          Files.createDirectories(file.getParent());
          Files.copy(zip, file);
        }
      }
    }
    folder = onlyFileOf(pluginPath);
  }

  private static Path onlyFileOf(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  private static List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("lib"))) {
      return files.toList();
    }
  }

  @Test
  void archive_unpacked_isOneFolderWithManifestAndNothingOfTheWorkers() throws IOException {
    assertThat(folder.getFileName().toString()).startsWith("http-report-kafka-connect-");
    assertThat(folder.resolve("manifest.json"))
        .content()
        .contains("\"http-report-kafka-connect\"", "\"at_least_once\"")
        .doesNotContain("${");
    assertThat(folder.resolve("LICENSE")).exists();
    assertThat(folder.resolve("doc/README.md")).exists();
    assertThat(jars())
        .extracting(jar -> jar.getFileName().toString())
        .anyMatch(name -> name.startsWith("http-report-kafka-connect"))
        .anyMatch(name -> name.startsWith("http-report-core"))
        .noneMatch(name -> name.startsWith("kafka") || name.startsWith("connect"))
        .noneMatch(name -> name.startsWith("slf4j") || name.startsWith("logback"))
        .noneMatch(name -> name.contains("testkit"));
  }

  @Test
  void pluginPath_scannedByServiceFile_findsTheConnectorInTheFolder() throws Exception {
    Plugins plugins =
        new Plugins(
            Map.of("plugin.path", pluginPath.toString(), "plugin.discovery", "service_load"));

    PluginDesc<SinkConnector> found =
        plugins.sinkConnectors().stream()
            .filter(plugin -> plugin.className().equals(CONNECTOR))
            .filter(plugin -> plugin.loader() instanceof PluginClassLoader)
            .findAny()
            .orElseThrow();
    assertThat(Path.of(URI.create(found.location())).toRealPath()).isEqualTo(folder.toRealPath());
    assertThat(found.version()).isNotEqualTo("undefined");
    assertThat(found.loader().loadClass(CONNECTOR).getClassLoader()).isSameAs(found.loader());
  }

  /** A worker that has Kafka and slf4j, and none of the classes that this test has besides. */
  @Test
  void task_withNothingButTheArchiveAndTheWorkersClasses_reportsRecords() throws Exception {
    URL[] urls = jars().stream().map(PluginArchiveIT::url).toArray(URL[]::new);
    try (PluginClassLoader loader = new PluginClassLoader(url(folder), urls, new WorkerClasses());
        LocalCluster nodes = LocalCluster.start(1)) {
      SinkConnector connector =
          (SinkConnector) loader.loadClass(CONNECTOR).getConstructor().newInstance();
      Map<String, String> config = new HashMap<>();
      config.put("manager.urls", nodes.managerUrl());
      config.put("destination.group", "g");
      connector.start(config);
      SinkTask task = (SinkTask) connector.taskClass().getConstructor().newInstance();
      assertThat(task.getClass().getClassLoader()).isSameAs(loader);
      task.initialize(new FakeContext(null));
      task.start(connector.taskConfigs(1).get(0));
      TopicPartition partition = new TopicPartition("t", 0);
      task.open(List.of(partition));
      task.put(List.of(new SinkRecord("t", 0, null, null, null, Map.of("a", 1), 0)));

      assertThat(
              task.preCommit(Map.of(partition, new OffsetAndMetadata(1))).get(partition).offset())
          .isEqualTo(1);
      task.stop();
      assertThat(nodes.stored().get(0).messages()).containsExactly("{\"a\":1}");
    }
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The classes that every Connect worker offers to its plug-ins. */
  private static final class WorkerClasses extends ClassLoader {

    WorkerClasses() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("org.apache.kafka.") || name.startsWith("org.slf4j.")) {
        return PluginArchiveIT.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
