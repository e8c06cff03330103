package io.github.httpreport.internal.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.node.NodeList;
import io.github.httpreport.testsupport.Concurrently;
import io.github.httpreport.testsupport.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotsTest {

  private static final NodeList LIST =
      Lists.withLimit(Lists.withLoad(Lists.upTo(3), 1, 42), 524_288);

  @TempDir private Path temporary;
  private Path directory;
  private Snapshots snapshots;

  @BeforeEach
  void inADirectoryThatDoesNotExistYet() {
    directory = temporary.resolve("lists");
    snapshots = new Snapshots(directory, Runnable::run);
  }

  private Optional<NodeList> read(String groupId) {
    List<Optional<NodeList>> lists = new ArrayList<>();
    snapshots.read(groupId, lists::add);
    assertThat(lists).hasSize(1);
    return lists.get(0);
  }

  private List<Path> files(Path parent) throws IOException {
    try (Stream<Path> files = Files.walk(parent)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void read_whatWasWritten_isTheSame() throws IOException {
    snapshots.write("g", LIST);

    assertThat(read("g")).contains(LIST);
    assertThat(files(temporary)).containsExactly(directory.resolve("nodes-g.json"));
  }

  @Test
  void read_nothingWritten_isEmptyWithoutAWord() {
    try (LogCapture log = LogCapture.of(Snapshots.class)) {
      assertThat(read("g")).isEmpty();
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void read_noDirectoryGiven_isEmpty() {
    snapshots = new Snapshots(null, Runnable::run);

    snapshots.write("g", LIST);

    assertThat(read("g")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        ".",
        "/etc/passwd",
        "../../x",
        "a/b",
        "a\\b",
        "%2e%2e%2f",
        "a%00b",
        "a\0b",
        "*",
        "C:x",
        "组 😀",
        "nul"
      })
  void write_anyGroup_staysInTheDirectory(String groupId) throws IOException {
    snapshots.write(groupId, LIST);

    assertThat(read(groupId)).contains(LIST);
    assertThat(files(temporary))
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.getParent()).isEqualTo(directory);
              assertThat(file.getFileName().toString()).matches("nodes-[A-Za-z0-9%+._-]*\\.json");
            });
  }

  @Test
  void write_groupsThatLookAlikeEncoded_haveTheirOwnFiles() {
    snapshots.write("a/b", Lists.of(1));
    snapshots.write("a%2Fb", Lists.of(2));
    snapshots.write("a b", Lists.of(3));
    snapshots.write("a+b", Lists.of(4));

    assertThat(read("a/b")).contains(Lists.of(1));
    assertThat(read("a%2Fb")).contains(Lists.of(2));
    assertThat(read("a b")).contains(Lists.of(3));
    assertThat(read("a+b")).contains(Lists.of(4));
  }

  @Test
  void write_nameTooLongForAFile_isNotSaved() {
    String longest = "g".repeat(200);
    try (LogCapture log = LogCapture.of(Snapshots.class)) {
      snapshots.write(longest, LIST);
      snapshots.write(longest + "g", LIST);

      assertThat(read(longest)).contains(LIST);
      assertThat(read(longest + "g")).isEmpty();
      assertThat(log.lines()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "{}",
        "not json",
        "{\"group\":\"g\",\"nodes\":[]}",
        "{\"group\":\"g\",\"nodes\":[{}]}",
        "{\"group\":\"g\",\"nodes\":[{\"origin\":\"nowhere\",\"load\":1}]}",
        "{\"group\":\"g\",\"nodes\":[{\"origin\":\"http://h:99999\",\"load\":1}]}",
        "{\"group\":\"g\",\"nodes\":[{\"origin\":\"http://h:1\",\"load\":1}",
        "{\"group\":\"G\",\"nodes\":[{\"origin\":\"http://h:1\",\"load\":1}]}",
        "{\"nodes\":[{\"origin\":\"http://h:1\",\"load\":1}]}",
        "{\"group\":\"g\",\"maxRequestBytes\":0,\"nodes\":[{\"origin\":\"http://h:1\",\"load\":1}]}",
        "{\"group\":\"g\",\"maxRequestBytes\":{},\"nodes\":[{\"origin\":\"http://h:1\",\"load\":1}]}"
      })
  void read_fileThatIsNoList_isIgnoredAndLogged(String content) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("nodes-g.json"), content, UTF_8);
    try (LogCapture log = LogCapture.of(Snapshots.class)) {
      assertThat(read("g")).isEmpty();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN The saved node list ")
          .contains("nodes-g.json");
    }
  }

  @Test
  void read_directoryInPlaceOfTheFile_isIgnoredAndLogged() throws IOException {
    Files.createDirectories(directory.resolve("nodes-g.json"));
    try (LogCapture log = LogCapture.of(Snapshots.class)) {
      assertThat(read("g")).isEmpty();
      assertThat(log.lines()).hasSize(1);
    }
  }

  @Test
  void write_everyPartOfAList_survivesBeingCutAnywhere() throws IOException {
    snapshots.write("g", LIST);
    Path file = directory.resolve("nodes-g.json");
    byte[] whole = Files.readAllBytes(file);

    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(read("g")).as("cut to %d bytes", length).isEmpty();
    }
  }

  @Test
  void write_placeIsTaken_isLoggedAndNothingElse() throws IOException {
    Files.writeString(directory, "a file", UTF_8);
    try (LogCapture log = LogCapture.of(Snapshots.class)) {
      snapshots.write("g", LIST);

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN The node list could not be saved to ");
    }
  }

  @Test
  void write_manyAtOnce_readersAlwaysSeeAWholeList() throws Exception {
    snapshots.write("g", LIST);
    try (LogCapture log = LogCapture.of(Snapshots.class)) {
      List<Optional<NodeList>> seen =
          Concurrently.run(
              4,
              index ->
                  () -> {
                    List<Optional<NodeList>> lists = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                      snapshots.write("g", Lists.upTo(1 + index * 50));
                      snapshots.read("g", lists::add);
                    }
                    return lists;
                  });

      assertThat(seen).hasSize(400).allMatch(Optional::isPresent);
      assertThat(log.lines()).isEmpty();
    }
    assertThat(files(temporary)).containsExactly(directory.resolve("nodes-g.json"));
  }
}
