package io.github.httpreport.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.examples.cli.CredentialOptions.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class CredentialOptionsTest {

  private static final Map<String, String> BOTH =
      Map.of(CredentialOptions.ID, "env-id", CredentialOptions.KEY, "env-key");

  @TempDir private Path directory;

  @Test
  void credentials_fromTheEnvironment_areTaken() {
    assertThat(parse(BOTH)).contains(new Credentials("env-id", "env-key"));
  }

  @Test
  void credentials_options_goBeforeTheEnvironment() throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "file-key\n");
    assertThat(parse(BOTH, "--secret-id", "own")).contains(new Credentials("own", "env-key"));
    assertThat(parse(BOTH, "--secret-key-file", file.toString()))
        .contains(new Credentials("env-id", "file-key"));
  }

  @Test
  void credentials_nothingGiven_areNone() {
    assertThat(parse(Map.of())).isEmpty();
  }

  @Test
  void credentials_oneHalfOnly_namesTheOther() throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "file-key");
    assertThatThrownBy(() -> parse(Map.of(CredentialOptions.KEY, "k")))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("--secret-id or set HTTP_REPORT_SECRET_ID");
    assertThatThrownBy(() -> parse(Map.of(CredentialOptions.ID, "me")))
        .hasMessageContaining("secret id me needs a key");
    assertThatThrownBy(() -> parse(Map.of(), "--secret-key-file", file.toString()))
        .hasMessageContaining("needs an id")
        .hasMessageNotContaining("file-key");
  }

  @Test
  void credentials_emptyKeyFile_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("key"), " \n");
    assertThatThrownBy(
            () -> parse(Map.of(), "--secret-id", "me", "--secret-key-file", file.toString()))
        .hasMessageContaining("is empty");
  }

  @Test
  void toString_ofCredentials_hidesTheKey() {
    assertThat(new Credentials("me", "hidden")).hasToString("Credentials[me]");
  }

  private static Optional<Credentials> parse(Map<String, String> environment, String... args) {
    Host host = new Host(environment);
    new CommandLine(host).parseArgs(args);
    return host.options.credentials();
  }

  @Command
  private static final class Host {
    @Mixin private final CredentialOptions options;

    Host(Map<String, String> environment) {
      options = new CredentialOptions(environment);
    }
  }
}
