package io.github.httpreport.examples.cli;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The servers that a command talks to: protocol, addresses, destination and credentials. */
final class ServerChoice {

  @Spec(Spec.Target.SELF)
  private @Nullable CommandSpec self;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--protocol",
      defaultValue = "inlong",
      paramLabel = "PROTOCOL",
      converter = ProtocolConverter.class,
      description = "Whom to report to: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Protocol protocol = Protocol.INLONG;

  @ArgGroup private ServerOptions servers = new ServerOptions();

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "The group that messages belong to; inlong needs it.")
  private @Nullable String group;

  @Option(
      names = "--stream",
      paramLabel = "STREAM",
      description =
          "The stream in that group; with another protocol what names the place on the server,"
              + " unless an option does.")
  private @Nullable String stream;

  @Mixin private CredentialOptions credentials = new CredentialOptions();

  @Mixin(name = "inlong")
  private InLongOptions inlong = new InLongOptions();

  @Mixin(name = "ekuiper")
  private EkuiperOptions ekuiper = new EkuiperOptions();

  @Mixin(name = "memphis")
  private MemphisOptions memphis = new MemphisOptions();

  @Mixin(name = "ckafka")
  private CkafkaOptions ckafka = new CkafkaOptions();

  Protocol protocol() {
    return protocol;
  }

  ServerOptions servers() {
    return servers;
  }

  CredentialOptions credentials() {
    return credentials;
  }

  /** The options of the chosen protocol. */
  ProtocolOptions options() {
    return switch (protocol) {
      case INLONG -> inlong;
      case EKUIPER -> ekuiper;
      case MEMPHIS -> memphis;
      case CKAFKA -> ckafka;
    };
  }

  /**
   * Where messages belong.
   *
   * @throws IllegalArgumentException if something is missing or blank; the text names the option
   */
  Destination destination() {
    return options().destination(group, stream);
  }

  /**
   * Sets protocol, servers and credentials on a sender.
   *
   * @throws IllegalArgumentException if the options do not make sense; the text names one
   */
  HttpProxySender.Builder applyTo(HttpProxySender.Builder sender) {
    return options().applyTo(sender, servers, credentials);
  }

  /** Without this, an option that another protocol has would do nothing and say nothing. */
  void refuseOptionsOfOthers() {
    ParseResult given = requireNonNull(command, "command").commandLine().getParseResult();
    for (Protocol other : Protocol.values()) {
      for (OptionSpec option : optionsOf(other)) {
        if (other != protocol && given.hasMatchedOption(option.longestName())) {
          throw new ParameterException(
              requireNonNull(command, "command").commandLine(),
              option.longestName() + " is for --protocol " + other);
        }
      }
    }
  }

  private Iterable<OptionSpec> optionsOf(Protocol other) {
    String mixin = other.toString();
    CommandSpec options = requireNonNull(self, "self").mixins().get(mixin);
    return requireNonNull(options, mixin).options();
  }
}
