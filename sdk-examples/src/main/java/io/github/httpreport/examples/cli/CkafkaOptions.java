package io.github.httpreport.examples.cli;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ckafka.CkafkaCredentials;
import io.github.httpreport.ckafka.CkafkaProtocol;
import io.github.httpreport.examples.doctor.AnyResponseProbe;
import io.github.httpreport.examples.doctor.NodeCheck;
import io.github.httpreport.protocol.WireProtocol;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Reports to Tencent CKafka DataHub. */
final class CkafkaOptions implements ProtocolOptions {

  static final String TOKEN = "HTTP_REPORT_SESSION_TOKEN";

  @Option(
      names = "--data-hub",
      paramLabel = "ID",
      description = "ckafka: the id of the DataHub. Default: the --stream names it.")
  private @Nullable String dataHub;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "ckafka: the region, like ap-guangzhou. Default: none is named.")
  private @Nullable String region;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "ckafka: the server. Default: https://ckafka.tencentcloudapi.com.")
  private @Nullable String endpoint;

  @Option(
      names = "--session-token-file",
      paramLabel = "FILE",
      description =
          "ckafka: a file that holds nothing but the token of temporary credentials. Default: the"
              + " environment's "
              + TOKEN
              + ", or none.")
  private @Nullable Path tokenFile;

  private final Map<String, String> environment;

  CkafkaOptions() {
    this(System.getenv());
  }

  CkafkaOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public HttpProxySender.Builder applyTo(
      HttpProxySender.Builder sender, ServerOptions target, CredentialOptions credentials) {
    target.requireNone("--endpoint");
    return sender.protocol(protocol(credentials));
  }

  @Override
  public NodeCheck probe(WireProtocol protocol, Destination destination) {
    return new AnyResponseProbe();
  }

  @Override
  public WireProtocol protocol(CredentialOptions credentials) {
    CkafkaProtocol.Builder protocol = CkafkaProtocol.builder().credentials(signing(credentials));
    if (dataHub != null) {
      protocol.dataHub(dataHub);
    }
    if (region != null) {
      protocol.region(region);
    }
    if (endpoint != null) {
      protocol.endpoint(endpoint);
    }
    return protocol.build();
  }

  private CkafkaCredentials signing(CredentialOptions credentials) {
    CredentialOptions.Credentials known =
        credentials
            .credentials()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "ckafka needs credentials: give --secret-id and --secret-key-file, or set "
                            + CredentialOptions.ID
                            + " and "
                            + CredentialOptions.KEY));
    String token =
        tokenFile == null ? environment.get(TOKEN) : Secrets.in("--session-token-file", tokenFile);
    return token == null
        ? CkafkaCredentials.of(known.id(), known.key())
        : CkafkaCredentials.temporary(known.id(), known.key(), token);
  }

  @Override
  public Destination destination(@Nullable String group, @Nullable String stream) {
    String hub = dataHub == null ? ProtocolOptions.required("--stream", stream) : dataHub;
    return new Destination(
        ProtocolOptions.orElse("--group", group, "ckafka"),
        ProtocolOptions.orElse("--stream", stream, hub));
  }
}
