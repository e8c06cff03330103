package io.github.httpreport.examples.cli;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.examples.doctor.NodeCheck;
import io.github.httpreport.inlong.FormEncoding;
import io.github.httpreport.inlong.InLongProtocol;
import io.github.httpreport.protocol.WireProtocol;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Reports to Apache InLong. */
final class InLongOptions implements ProtocolOptions {

  @Option(
      names = "--encoding",
      defaultValue = "STANDARD",
      paramLabel = "ENCODING",
      description =
          "How text is written into a form: ${COMPLETION-CANDIDATES}."
              + " COMPACT needs nodes that are reached directly. Default: ${DEFAULT-VALUE}.")
  private FormEncoding encoding = FormEncoding.STANDARD;

  @Override
  public WireProtocol protocol(CredentialOptions credentials) {
    return InLongProtocol.builder().encoding(encoding).build();
  }

  @Override
  public NodeCheck probe(WireProtocol protocol, Destination destination) {
    return NodeCheck.heartbeat();
  }

  @Override
  public HttpProxySender.Builder applyTo(
      HttpProxySender.Builder sender, ServerOptions target, CredentialOptions credentials) {
    sender.protocol(protocol(credentials));
    if (target.isManager()) {
      credentials.credentials().ifPresent(known -> sender.credentials(known.id(), known.key()));
    } else if (credentials.given()) {
      throw new IllegalArgumentException("credentials are for a --manager, and --node was given");
    }
    return target.applyTo(sender, "--manager or --node");
  }

  @Override
  public Destination destination(@Nullable String group, @Nullable String stream) {
    return new Destination(
        ProtocolOptions.required("--group", group), ProtocolOptions.required("--stream", stream));
  }
}
