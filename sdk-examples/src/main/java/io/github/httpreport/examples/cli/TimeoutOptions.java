package io.github.httpreport.examples.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a question to a server may take. */
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
      defaultValue = "10s",
      paramLabel = "TIME",
      converter = PositiveDurationConverter.class,
      description = "When to give up on an answer. Default: ${DEFAULT-VALUE}.")
  private Duration requestTimeout = Duration.ofSeconds(10);

  Duration connect() {
    return connectTimeout;
  }

  Duration request() {
    return requestTimeout;
  }
}
