package io.github.httpreport.examples.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What to log in to a Manager with, or sign with. No secret stands on a command line, where others
 * see it.
 */
final class CredentialOptions {

  static final String ID = "HTTP_REPORT_SECRET_ID";
  static final String KEY = "HTTP_REPORT_SECRET_KEY";

  /** The credentials; the key never reaches a text. */
  record Credentials(String id, String key) {
    @Override
    public String toString() {
      return "Credentials[" + id + ']';
    }
  }

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--secret-id",
      paramLabel = "ID",
      description = "The secret id of Manager or Tencent. Default: the environment's " + ID + ".")
  private @Nullable String id;

  @Option(
      names = "--secret-key-file",
      paramLabel = "FILE",
      description =
          "A file that holds nothing but the secret key. Default: the environment's " + KEY + ".")
  private @Nullable Path keyFile;

  private Map<String, String> environment = System.getenv();

  CredentialOptions() {}

  CredentialOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Whether an option was given, wherever the rest comes from. */
  boolean given() {
    return id != null || keyFile != null;
  }

  /** Refuses them for a protocol that has no use for them. */
  void requireNone() {
    if (given()) {
      throw new IllegalArgumentException(
          "--secret-id and --secret-key-file do not go with this --protocol");
    }
  }

  /** What was given; empty when nothing was. */
  Optional<Credentials> credentials() {
    String secretId = id == null ? environment.get(ID) : id;
    String secretKey = keyFile == null ? environment.get(KEY) : keyIn(keyFile);
    if (secretId == null && secretKey == null) {
      return Optional.empty();
    }
    if (secretId == null) {
      throw usage("a secret key needs an id: give --secret-id or set " + ID);
    }
    if (secretKey == null) {
      throw usage("secret id " + secretId + " needs a key: give --secret-key-file or set " + KEY);
    }
    return Optional.of(new Credentials(secretId, secretKey));
  }

  private String keyIn(Path file) {
    try {
      return Secrets.in("--secret-key-file", file);
    } catch (IllegalArgumentException noSecret) {
      throw usage(Format.of(noSecret));
    }
  }

  private ParameterException usage(String text) {
    if (spec == null) {
      throw new IllegalStateException("used without a command: " + text);
    }
    return new ParameterException(spec.commandLine(), text);
  }
}
