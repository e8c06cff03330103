package io.github.httpreport.examples.cli;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.TlsSettings;
import io.github.httpreport.examples.doctor.Doctor;
import io.github.httpreport.examples.doctor.Explanation;
import io.github.httpreport.examples.doctor.KnownFailures;
import io.github.httpreport.examples.doctor.Network;
import io.github.httpreport.examples.doctor.Report;
import io.github.httpreport.examples.doctor.Target;
import io.github.httpreport.http.Origin;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.WireProtocol;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Finds out why messages do not arrive. */
@Command(
    name = "doctor",
    description = {
      "Checks each step between here and the servers, and says what to do about a failure: name"
          + " look-up, connection, TLS, credentials, the Manager's answer, each node's heartbeat,"
          + " clocks and size limits.",
      "",
      "Stores nothing without --send. Ends with 0 if messages can be sent, warnings or not.",
      ""
    })
public final class DoctorCommand implements Callable<Integer> {

  /** InLong takes any text; the others take JSON, some of them only that. */
  private static final String DEFAULT_BODY = "{\"message\":\"http-report doctor\"}";

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ServerChoice servers = new ServerChoice();

  @Option(names = "--send", description = "Send one message as well. It is stored.")
  private boolean send;

  @Option(
      names = "--body",
      paramLabel = "TEXT",
      defaultValue = DEFAULT_BODY,
      description = "The message of --send. Default: ${DEFAULT-VALUE}")
  private String body = DEFAULT_BODY;

  @Option(names = "--json", description = "Print the findings as JSON.")
  private boolean json;

  @Option(
      names = "--explain",
      paramLabel = "TEXT",
      description =
          "Check nothing; say what an error or a log line means. Ends with 1 if it is not known.")
  private @Nullable String explain;

  @Mixin private TimeoutOptions timeouts = new TimeoutOptions();

  @Option(
      names = "--deadline",
      defaultValue = "20s",
      paramLabel = "TIME",
      converter = PositiveDurationConverter.class,
      description =
          "When to give up on the message of --send, retries included. Default: ${DEFAULT-VALUE}.")
  private Duration deadline = Duration.ofSeconds(20);

  @Option(
      names = "--proxy",
      paramLabel = "HOST:PORT",
      description = "An HTTP proxy for Manager and nodes. Default: none.")
  private @Nullable String proxy;

  @Mixin private TlsOptions tls = new TlsOptions();

  @Override
  public Integer call() {
    KnownFailures failures = KnownFailures.load();
    if (explain != null) {
      return explain(new Explanation(failures.in(explain)));
    }
    servers.refuseOptionsOfOthers();
    return report(new Report(checked(this::doctor).examine(), failures));
  }

  private int explain(Explanation explanation) {
    if (json) {
      explanation.printJson(out());
    } else {
      explanation.print(out(), Terminal.columns(spec()));
    }
    return explanation.isKnown() ? 0 : 1;
  }

  private int report(Report report) {
    if (json) {
      report.printJson(out());
    } else {
      report.print(out(), Terminal.columns(spec()));
    }
    return report.isHealthy() ? 0 : 1;
  }

  private Doctor doctor() {
    Target target = target();
    TlsSettings trust = tls.settings().orElseGet(() -> TlsSettings.builder().build());
    HttpProxySender.Builder sender = sender(trust);
    return new Doctor(target, network(trust.sslContext()), sender::build, Clock.systemUTC());
  }

  private Target target() {
    Destination destination = servers.destination();
    WireProtocol protocol = servers.options().protocol(servers.credentials());
    protocol.validate(destination);
    return new Target(
        protocol,
        servers.options().probe(protocol, destination),
        servers.servers().managers(),
        managerCredentials(),
        servers.servers().nodes().stream().map(Node::parse).toList(),
        destination,
        send ? Optional.of(body) : Optional.empty());
  }

  private Optional<InLongManager.Credentials> managerCredentials() {
    return servers.servers().isManager()
        ? servers
            .credentials()
            .credentials()
            .map(c -> InLongManager.Credentials.of(c.id(), c.key()))
        : Optional.empty();
  }

  /** All settings are checked here, so that a mistake is one of usage and not a finding. */
  private HttpProxySender.Builder sender(TlsSettings trust) {
    HttpProxySender.Builder sender =
        HttpProxySender.builder()
            .tls(trust)
            .connectTimeout(timeouts.connect())
            .requestTimeout(timeouts.request(servers.protocol()))
            .retry(RetryPolicy.builder().deadline(deadline).build())
            .closeTimeout(Duration.ZERO)
            .name("doctor");
    if (proxy != null) {
      sender.proxy(proxy);
    }
    servers.applyTo(sender).build().close();
    return sender;
  }

  private Network network(SSLContext context) {
    Optional<Origin> through =
        Optional.ofNullable(proxy).map(address -> Node.parse(address).origin());
    JdkExchange exchange =
        new JdkExchange(
            timeouts.connect(),
            timeouts.request(servers.protocol()),
            client -> {
              through.ifPresent(
                  origin ->
                      client.proxy(
                          ProxySelector.of(new InetSocketAddress(origin.host(), origin.port()))));
              return client.sslContext(context);
            });
    return new Network(exchange, context, through, timeouts.connect());
  }

  /** Runs what checks the user's values, and makes what it throws an error of usage. */
  private <T> T checked(Supplier<T> step) {
    try {
      return step.get();
    } catch (IllegalArgumentException badValue) {
      throw new ParameterException(spec().commandLine(), Format.of(badValue), badValue);
    }
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private CommandSpec spec() {
    return requireNonNull(spec, "spec");
  }
}
