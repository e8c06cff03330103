package io.github.httpreport.examples.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Time limits of a request, for every command that talks to servers. */
final class TimeoutOptions {

  @Option(
      names = "--connect-timeout",
      defaultValue = "3s",
      paramLabel = "TIME",
      converter = PositiveDurationConverter.class,
      description = "When to give up on a connection. Default: ${DEFAULT-VALUE}.")
  private Duration connectTimeout = Duration.ofSeconds(3);

  @Option(
      names = "--request-timeout",
      paramLabel = "TIME",
      converter = PositiveDurationConverter.class,
      description = "When to give up on a response. Default: 10s, and 20s with memphis.")
  private @Nullable Duration requestTimeout;

  Duration connect() {
    return connectTimeout;
  }

  /** The limit that the user gave; null for the default of the protocol, which a sender knows. */
  @Nullable Duration request() {
    return requestTimeout;
  }

  /** The limit for requests that the command sends itself. */
  Duration request(Protocol protocol) {
    if (requestTimeout != null) {
      return requestTimeout;
    }
    return Duration.ofSeconds(protocol == Protocol.MEMPHIS ? 20 : 10);
  }
}
