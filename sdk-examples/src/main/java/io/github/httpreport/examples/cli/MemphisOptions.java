package io.github.httpreport.examples.cli;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.examples.doctor.LoginProbe;
import io.github.httpreport.examples.doctor.NodeCheck;
import io.github.httpreport.memphis.MemphisProtocol;
import io.github.httpreport.protocol.WireProtocol;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Reports to a REST gateway of Memphis. */
final class MemphisOptions implements ProtocolOptions {

  static final String PASSWORD = "HTTP_REPORT_PASSWORD";

  @Option(
      names = "--station",
      paramLabel = "STATION",
      description = "memphis: the station. Default: the --stream names it.")
  private @Nullable String station;

  @Option(names = "--user", paramLabel = "USER", description = "memphis: who authenticates.")
  private @Nullable String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "memphis: a file that holds nothing but the password. Default: the environment's "
              + PASSWORD
              + ".")
  private @Nullable Path passwordFile;

  @Option(
      names = "--json-batches",
      description =
          "memphis: send lines together, each of which must be a JSON object."
              + " Default: each in a request of its own.")
  private boolean jsonBatches;

  private final Map<String, String> environment;

  MemphisOptions() {
    this(System.getenv());
  }

  MemphisOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public HttpProxySender.Builder applyTo(
      HttpProxySender.Builder sender, ServerOptions target, CredentialOptions credentials) {
    return target.applyNodesTo(sender.protocol(protocol(credentials)));
  }

  @Override
  public NodeCheck probe(WireProtocol protocol, Destination destination) {
    return new LoginProbe(protocol);
  }

  @Override
  public WireProtocol protocol(CredentialOptions credentials) {
    credentials.requireNone();
    String password = password();
    MemphisProtocol.Builder protocol =
        MemphisProtocol.builder().user(ProtocolOptions.required("--user", user), () -> password);
    if (station != null) {
      protocol.station(station);
    }
    if (jsonBatches) {
      protocol.batch();
    }
    return protocol.build();
  }

  private String password() {
    if (passwordFile != null) {
      return Secrets.in("--password-file", passwordFile);
    }
    String password = environment.get(PASSWORD);
    if (password == null) {
      throw new IllegalArgumentException(
          "memphis needs a password: give --password-file or set " + PASSWORD);
    }
    return password;
  }

  @Override
  public Destination destination(@Nullable String group, @Nullable String stream) {
    String place = station == null ? ProtocolOptions.required("--stream", stream) : station;
    return new Destination(
        ProtocolOptions.orElse("--group", group, "memphis"),
        ProtocolOptions.orElse("--stream", stream, place));
  }
}
