package io.github.httpreport.examples.cli;

import io.github.httpreport.Batching;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.WhenFull;
import io.github.httpreport.spool.SpoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Settings of a sender. Each option has the library's own default. */
final class SenderOptions {

  /** The longest that a protocol here waits for a response by itself. */
  private static final Duration MAX_DEFAULT = Duration.ofSeconds(20);

  private static final int MIN_BUFFER = 1024;

  @Option(
      names = "--selector",
      defaultValue = "least-loaded",
      paramLabel = "SELECTOR",
      converter = SelectionConverter.class,
      description = "How nodes are chosen: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Selection selector = Selection.LEAST_LOADED;

  @Option(
      names = "--linger",
      defaultValue = "50ms",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long a batch waits for more lines. Default: ${DEFAULT-VALUE}.")
  private Duration linger = Duration.ofMillis(50);

  @Option(
      names = "--batch-messages",
      defaultValue = "1000",
      paramLabel = "COUNT",
      description = "How many lines a batch holds at most. Default: ${DEFAULT-VALUE}.")
  private int batchMessages = 1_000;

  @Option(
      names = "--batch-bytes",
      defaultValue = "256KiB",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "How large a batch is at most, encoded. Default: ${DEFAULT-VALUE}.")
  private long batchBytes = 256 << 10;

  @Option(
      names = "--buffer",
      defaultValue = "32MiB",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description =
          "How much may be read and not yet acknowledged; reading waits beyond it."
              + " Default: ${DEFAULT-VALUE}.")
  private long buffer = 32 << 20;

  @Option(
      names = "--deadline",
      defaultValue = "2m",
      paramLabel = "TIME",
      converter = PositiveDurationConverter.class,
      description = "When to give up on a batch, retries included. Default: ${DEFAULT-VALUE}.")
  private Duration deadline = Duration.ofMinutes(2);

  @Option(
      names = "--close-timeout",
      defaultValue = "30s",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long Ctrl-C waits for lines that were read already. Default: ${DEFAULT-VALUE}.")
  private Duration closeTimeout = Duration.ofSeconds(30);

  @Option(
      names = "--spool",
      paramLabel = "DIR",
      description =
          "Keep on disk what cannot be delivered, for a later run with the same directory."
              + " Default: nothing is kept.")
  private @Nullable Path spool;

  @Option(
      names = "--proxy",
      paramLabel = "HOST:PORT",
      description = "An HTTP proxy for Manager and nodes. Default: none.")
  private @Nullable String proxy;

  @Option(
      names = "--rate",
      paramLabel = "COUNT",
      description = "Send at most this many lines a second. Default: as fast as they are taken.")
  private @Nullable Long rate;

  @Mixin private TimeoutOptions timeouts = new TimeoutOptions();

  @Mixin private TlsOptions tls = new TlsOptions();

  /** Lines per second, or {@link Pace#UNLIMITED}. */
  long rate() {
    return rate == null ? Pace.UNLIMITED : rate;
  }

  Duration closeTimeout() {
    return closeTimeout;
  }

  /**
   * Sets all of this on a sender.
   *
   * @throws IllegalArgumentException if a value is out of its range; the text names it
   */
  HttpProxySender.Builder applyTo(HttpProxySender.Builder sender) {
    requireRange("--batch-messages", batchMessages, 1, Integer.MAX_VALUE);
    requireRange("--batch-bytes", batchBytes, 1, Integer.MAX_VALUE);
    requireRange("--buffer", buffer, MIN_BUFFER, Long.MAX_VALUE);
    requireRange("--rate", rate == null ? 1 : rate, 1, Long.MAX_VALUE);
    // Every delivery ends by its deadline and frees memory, so a wait of that length gets some.
    Duration requestTimeout = timeouts.request();
    Duration response = requestTimeout == null ? MAX_DEFAULT : requestTimeout;
    WhenFull wait = WhenFull.block(deadline.plus(response));
    if (requestTimeout != null) {
      sender.requestTimeout(requestTimeout);
    }
    if (spool != null) {
      sender.spool(SpoolSettings.in(spool));
    }
    if (proxy != null) {
      sender.proxy(proxy);
    }
    tls.applyTo(sender);
    return sender
        .selector(selector.selector())
        .batching(
            Batching.builder()
                .linger(linger)
                .maxMessages(batchMessages)
                .maxBytes((int) batchBytes)
                .build())
        .buffer(buffer, wait)
        .retry(RetryPolicy.builder().deadline(deadline).build())
        .connectTimeout(timeouts.connect())
        .closeTimeout(closeTimeout);
  }

  private static void requireRange(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          option
              + " must be "
              + (value < least ? "at least " + least : "less than 2GiB")
              + ", but is "
              + value);
    }
  }
}
