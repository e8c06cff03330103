package io.github.httpreport.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.httpreport.examples.CliRun;
import io.github.httpreport.testkit.DataHubMessage;
import io.github.httpreport.testkit.LocalDataHub;
import io.github.httpreport.testkit.LocalEkuiper;
import io.github.httpreport.testkit.LocalMemphis;
import io.github.httpreport.testkit.MemphisMessage;
import io.github.httpreport.testkit.ReceivedTuple;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code send} to servers other than InLong's. */
class SendProtocolTest {

  @TempDir private Path directory;

  private String file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }

  @Test
  void send_ckafka_storesEveryLine() throws IOException {
    try (LocalDataHub hub = LocalDataHub.builder().dataHub("datahub-x").start()) {
      CliRun run =
          CliRun.withInput(
              "a\n中\"b\"",
              ckafka(hub, hub.secretKey(), "--data-hub", "datahub-x", "--region", "ap-guangzhou"));
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(hub.stored()).extracting(DataHubMessage::body).containsExactly("a", "中\"b\"");
      CliRun byStream =
          CliRun.withInput("c", ckafka(hub, hub.secretKey(), "--stream", "datahub-x"));
      assertThat(byStream.exitCode()).as(byStream.toString()).isZero();
      assertThat(hub.storedCount()).isEqualTo(3);
    }
  }

  @Test
  void send_ckafkaWithASessionToken_takesItFromAFile() throws IOException {
    try (LocalDataHub hub = LocalDataHub.start()) {
      hub.credentials("id", "key", "the-token");
      String token = file("token", "the-token\n");
      CliRun run =
          CliRun.withInput(
              "a", ckafka(hub, "key", "--stream", "datahub-x", "--session-token-file", token));
      assertThat(run.exitCode()).as(run.toString()).isZero();
    }
  }

  @Test
  void send_ckafkaWithAWrongKey_failsAndShowsNoSecret() throws IOException {
    try (LocalDataHub hub = LocalDataHub.start()) {
      CliRun run = CliRun.withInput("a", ckafka(hub, "mistaken-key", "--stream", "datahub-x"));
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .contains("AuthFailure.SignatureFailure")
          .doesNotContain("mistaken-key", hub.secretKey());
    }
  }

  @Test
  void send_ekuiper_storesLinesThatAreObjectsAndNamesThoseThatAreNot() {
    try (LocalEkuiper server = LocalEkuiper.start("/api/data")) {
      CliRun run =
          CliRun.withInput(
              "{\"a\":1}\nplain\n{\"b\":2}",
              "send",
              "--protocol",
              "ekuiper",
              "--node",
              server.address(),
              "--path",
              "/api/data");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("must be a JSON object");
      assertThat(server.tuples())
          .extracting(ReceivedTuple::json)
          .containsExactly("{\"a\":1}", "{\"b\":2}");
    }
  }

  @Test
  void send_linesThatNoParserTakes_areNamedAndTheOthersStored() {
    String deep = "{\"a\":".repeat(1_001) + "1" + "}".repeat(1_001);
    String number = "{\"a\":" + "7".repeat(1_001) + "}";
    try (LocalEkuiper server = LocalEkuiper.start("/p")) {
      CliRun run =
          CliRun.withInput(
              String.join("\n", "{\"n\":1}", deep, "{\"n\":2}", number, "{\"n\":3}"),
              "send",
              "--protocol",
              "ekuiper",
              "--node",
              server.address(),
              "--path",
              "/p");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("is nested deeper", "too large for a double");
      assertThat(server.tuples()).hasSize(3);
    }
  }

  @Test
  void send_memphis_authenticatesWithAPasswordOutOfAFile() throws IOException {
    try (LocalMemphis gateway = LocalMemphis.start()) {
      gateway.user("me", "the-password");
      String[] args = {
        "send",
        "--protocol",
        "memphis",
        "--node",
        gateway.url(),
        "--station",
        "orders",
        "--user",
        "me",
        "--password-file",
        file("password", "the-password\n")
      };
      CliRun run = CliRun.withInput("a\nb", args);
      assertThat(run.exitCode()).as(run.toString()).isZero();
      assertThat(gateway.stored())
          .extracting(MemphisMessage::body)
          .containsExactlyInAnyOrder("a", "b");
      file("password", "mistaken-password");
      CliRun wrong = CliRun.withInput("c", args);
      assertThat(wrong.exitCode()).isEqualTo(1);
      assertThat(wrong.err()).contains("401").doesNotContain("mistaken-password");
    }
  }

  private String[] ckafka(LocalDataHub hub, String key, String... rest) throws IOException {
    Stream<String> options =
        Stream.of(
            ("send --protocol ckafka --endpoint " + hub.url() + " --secret-id " + hub.secretId())
                .split(" ", -1));
    return Stream.concat(
            Stream.concat(options, Stream.of("--secret-key-file", file("key", key))),
            Stream.of(rest))
        .toArray(String[]::new);
  }

  static Stream<Arguments> badUsage() {
    return Stream.of(
        arguments("--protocol smtp", "'--protocol': expected one of [inlong, "),
        arguments("--group g --stream s", "give --manager or --node"),
        arguments("--node a:1 --stream s", "--group is required"),
        arguments("--node a:1 --group g", "--stream is required"),
        arguments(
            "--node a:1 --group g --stream s --region r", "--region is for --protocol ckafka"),
        arguments("--protocol ckafka --encoding compact", "--encoding is for --protocol inlong"),
        arguments("--protocol ekuiper --path /p", "give --node"),
        arguments("--protocol ekuiper --node a:1", "--stream is required"),
        arguments("--protocol ekuiper --path /p --manager http://a:1", "--manager does not go"),
        arguments("--protocol ekuiper --path p --node a:1", "path must"),
        arguments("--protocol ekuiper --path /p --node a:1 --secret-id i", "--secret-id and"),
        arguments("--protocol memphis --station s --node a:1", "memphis needs a password"),
        arguments("--protocol memphis --station s --put", "--put is for --protocol ekuiper"),
        arguments(
            "--protocol memphis --station s --user u --password-file nowhere",
            "--password-file nowhere: no such file"),
        arguments("--protocol ckafka", "--stream is required"),
        arguments("--protocol ckafka --stream s", "ckafka needs credentials: give --secret-id and"),
        arguments("--protocol ckafka --stream s --node a:1", "--node does not go with this"),
        arguments("--protocol ckafka --stream s --manager http://a:1", "--manager does not go"));
  }

  @ParameterizedTest
  @MethodSource("badUsage")
  void send_badUsage_isNamedInOneLine(String args, String text) {
    CliRun run = CliRun.withInput("a", ("send " + args).split(" ", -1));
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(text).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }
}
