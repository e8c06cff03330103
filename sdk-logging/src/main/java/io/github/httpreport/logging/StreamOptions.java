package io.github.httpreport.logging;

import io.github.httpreport.Batching;
import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.TlsSettings;
import io.github.httpreport.WhenFull;
import io.github.httpreport.inlong.InLongProtocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Options of an appender, as the texts of its configuration. They stay texts until {@link #read()},
 * because both logging frameworks replace a value that they cannot convert by a default: here each
 * bad value is refused by the name of its option, and all of them at once. Not safe for use by
 * several threads.
 */
public final class StreamOptions {

  private static final Duration DEFAULT_DELIVERY_TIMEOUT = Duration.ofMinutes(10);
  private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);
  private static final long DEFAULT_BUFFER = 32L << 20;

  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Sets an option.
   *
   * @param option its name
   * @param value its text; null leaves the default
   */
  public void set(String option, @Nullable String value) {
    if (value != null) {
      values.put(option, value.strip());
    }
  }

  /**
   * Reads the options.
   *
   * @return what they describe
   * @throws IllegalArgumentException if an option is missing or bad; the text names each, and holds
   *     no secret
   */
  public StreamSettings read() {
    return new Reader(values).settings();
  }

  /** One pass over the options, which notes every problem and goes on. */
  private static final class Reader {
    private final Map<String, String> values;
    private final List<String> problems = new ArrayList<>();
    private final HttpProxySender.Builder sender = HttpProxySender.builder();
    private Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;
    private Duration deliveryTimeout = DEFAULT_DELIVERY_TIMEOUT;
    private final Batching.Builder batching = Batching.builder();
    private long buffer = DEFAULT_BUFFER;
    private boolean splitLines;

    Reader(Map<String, String> values) {
      this.values = values;
    }

    StreamSettings settings() {
      readServers();
      readLimits();
      readTimeouts();
      readTls();
      read("lineBreaks", text -> splitLines = isSplit(text));
      Destination destination = destination();
      if (problems.isEmpty()) {
        assemble();
      }
      if (destination == null || !problems.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", problems));
      }
      return new StreamSettings(sender, destination, closeTimeout, !splitLines);
    }

    private void readServers() {
      read("manager", text -> sender.manager(list(text)));
      read("nodes", text -> sender.nodes(list(text)));
      if (values.containsKey("manager") == values.containsKey("nodes")) {
        problems.add("exactly one of manager and nodes must be set");
      }
      readPair("secretId", "secretKey", sender::credentials);
      read("proxy", sender::proxy);
      read("snapshots", text -> sender.snapshots(Path.of(text)));
    }

    private void readLimits() {
      read("linger", text -> batching.linger(Quantities.duration(text)));
      read("batchMessages", text -> batching.maxMessages(Quantities.number(text)));
      read("batchBytes", text -> batching.maxBytes(Math.toIntExact(Quantities.bytes(text))));
      read(
          "buffer",
          text -> {
            buffer = Quantities.bytes(text);
            sender.buffer(buffer, WhenFull.fail());
          });
      read("maxInFlight", text -> sender.maxInFlight(Quantities.number(text)));
    }

    private void readTimeouts() {
      read("connectTimeout", text -> sender.connectTimeout(Quantities.duration(text)));
      read("requestTimeout", text -> sender.requestTimeout(Quantities.duration(text)));
      read(
          "deliveryTimeout",
          text -> {
            deliveryTimeout = Quantities.duration(text);
            RetryPolicy.builder().deadline(deliveryTimeout);
          });
      read(
          "closeTimeout",
          text -> {
            closeTimeout = Quantities.duration(text);
            sender.closeTimeout(closeTimeout);
          });
    }

    private void readTls() {
      TlsSettings.Builder tls = TlsSettings.builder();
      // Built one by one, so that a file that cannot be read is blamed on its own option.
      read(
          "trustCertificates",
          text -> TlsSettings.builder().trustCertificates(Path.of(text)).build());
      read("trustCertificates", text -> tls.trustCertificates(Path.of(text)));
      char[] password = values.getOrDefault("clientCertificatePassword", "").toCharArray();
      read(
          "clientCertificate",
          text -> TlsSettings.builder().clientCertificate(Path.of(text), password).build());
      read("clientCertificate", text -> tls.clientCertificate(Path.of(text), password));
      boolean isSet =
          values.containsKey("trustCertificates") || values.containsKey("clientCertificate");
      if (isSet && problems.isEmpty()) {
        sender.tls(tls.build());
      }
      if (values.containsKey("clientCertificatePassword")
          && !values.containsKey("clientCertificate")) {
        problems.add("clientCertificatePassword is set, but clientCertificate is not");
      }
    }

    private @Nullable Destination destination() {
      String group = values.get("group");
      String stream = values.get("stream");
      requireText("group", group);
      requireText("stream", stream);
      if (group == null || stream == null || group.isEmpty() || stream.isEmpty()) {
        return null;
      }
      Destination destination = new Destination(group, stream);
      read("group", text -> InLongProtocol.create().validate(destination));
      return destination;
    }

    private void requireText(String option, @Nullable String value) {
      if (value == null || value.isEmpty()) {
        problems.add(option + " must be set and not blank");
      }
    }

    private void assemble() {
      sender
          .buffer(buffer, WhenFull.fail())
          .batching(batching.build())
          .protocol(InLongProtocol.builder().allowNewlines(splitLines).build())
          .retry(
              RetryPolicy.builder()
                  .maxAttempts(Integer.MAX_VALUE)
                  .deadline(deliveryTimeout)
                  .build());
    }

    /** Two options that are set together or not at all. Neither value gets into a message. */
    private void readPair(String first, String second, PairSetter setter) {
      String one = values.get(first);
      String other = values.get(second);
      if ((one == null) != (other == null)) {
        String present = one == null ? second : first;
        problems.add((one == null ? first : second) + " must be set, because " + present + " is");
      } else if (one != null && other != null) {
        read(first, text -> setter.set(one, other));
      }
    }

    private void read(String option, Consumer<String> setter) {
      String value = values.get(option);
      if (value == null) {
        return;
      }
      try {
        setter.accept(value);
      } catch (IllegalArgumentException | ArithmeticException e) {
        problems.add(named(option, String.valueOf(e.getMessage())));
      }
    }

    private static String named(String option, String message) {
      return message.startsWith(option) ? message : option + ": " + message;
    }

    private static boolean isSplit(String text) {
      return switch (text) {
        case "escape" -> false;
        case "split" -> true;
        default ->
            throw new IllegalArgumentException("must be escape or split, but is '" + text + '\'');
      };
    }

    private static String[] list(String text) {
      return Stream.of(text.split(",", -1)).map(String::strip).toArray(String[]::new);
    }
  }

  /** A setter of two values that belong together. */
  private interface PairSetter {
    void set(String first, String second);
  }
}
