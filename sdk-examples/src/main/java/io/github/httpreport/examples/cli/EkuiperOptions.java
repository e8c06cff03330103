package io.github.httpreport.examples.cli;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.examples.doctor.NodeCheck;
import io.github.httpreport.examples.doctor.PathProbe;
import io.github.httpreport.protocol.WireProtocol;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Reports to an HTTP push source of eKuiper, which takes JSON objects. */
final class EkuiperOptions implements ProtocolOptions {

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "ekuiper: the DATASOURCE of the stream, like /api/data. Default: --stream.")
  private @Nullable String path;

  @Option(names = "--put", description = "ekuiper: send with PUT. Default: POST.")
  private boolean put;

  @Option(
      names = "--single",
      description = "ekuiper: send each line in a request of its own, as eKuiper 1.x needs it.")
  private boolean single;

  @Override
  public HttpProxySender.Builder applyTo(
      HttpProxySender.Builder sender, ServerOptions target, CredentialOptions credentials) {
    return target.applyNodesTo(sender.protocol(protocol(credentials)));
  }

  @Override
  public WireProtocol protocol(CredentialOptions credentials) {
    credentials.requireNone();
    EkuiperProtocol.Builder protocol = EkuiperProtocol.builder();
    if (path != null) {
      protocol.path(path);
    }
    if (put) {
      protocol.put();
    }
    if (single) {
      protocol.single();
    }
    return protocol.build();
  }

  @Override
  public NodeCheck probe(WireProtocol protocol, Destination destination) {
    return new PathProbe(protocol, destination);
  }

  @Override
  public Destination destination(@Nullable String group, @Nullable String stream) {
    String place = path == null ? ProtocolOptions.required("--stream", stream) : path;
    return new Destination(
        ProtocolOptions.orElse("--group", group, "ekuiper"),
        ProtocolOptions.orElse("--stream", stream, place));
  }
}
