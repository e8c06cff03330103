package io.github.httpreport.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.github.httpreport.logging.LogStream;
import io.github.httpreport.logging.StreamOptions;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Appender that reports log events to a stream over HTTP, each as one message.
 *
 * <pre>{@code
 * <appender name="reports" class="io.github.httpreport.logback.HttpReportAppender">
 *   <manager>http://manager:8083</manager>
 *   <group>logs</group>
 *   <stream>orders</stream>
 * </appender>
 * }</pre>
 *
 * <p>The text of an event is that of the {@code encoder} or {@code layout}, and one line of JSON
 * without either: see {@link JsonLayout}. A line break at its end is left out.
 *
 * <p>An application thread never waits for a server: an event that the buffer has no room for is
 * lost. Lost events are counted, and reported to the status manager as a warning at most once a
 * minute. Events of this library and of the threads that send are not appended. A stop delivers
 * what was accepted, within {@code closeTimeout}. Safe for use by many threads.
 *
 * <p>Every option is a text, and a bad one keeps the appender from starting with an error in the
 * status manager that names it. Durations have a unit ({@code 500ms}, {@code 10s}, {@code 2m}),
 * sizes may have one ({@code 64KB}, {@code 32MB}).
 */
public class HttpReportAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

  private final StreamOptions options = new StreamOptions();
  private @Nullable Encoder<ILoggingEvent> encoder;
  private @Nullable Layout<ILoggingEvent> layout;
  private volatile @Nullable LogStream<ILoggingEvent> stream;

  /** An appender that is to be configured and started. */
  public HttpReportAppender() {}

  @Override
  public void start() {
    if (isStarted()) {
      return;
    }
    try {
      stream =
          LogStream.open(options.read(), text(), String.valueOf(getName()), this::reportLosses);
      super.start();
    } catch (IllegalArgumentException | IllegalStateException e) {
      addError("Appender [" + getName() + "] is not started: " + e.getMessage(), e);
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    LogStream<ILoggingEvent> open = stream;
    if (open != null && !LogStream.isOwn(event.getLoggerName(), event.getThreadName())) {
      open.append(event);
    }
  }

  /** Delivers what was accepted, for at most {@code closeTimeout}, and ends all threads. */
  @Override
  public void stop() {
    LogStream<ILoggingEvent> open = stream;
    if (isStarted() && open != null) {
      open.close(Duration.ZERO, super::stop);
    }
  }

  /**
   * How many events were lost since the start.
   *
   * @return the events that could not be encoded, had no room in the buffer, or were given up
   */
  public long getLostEvents() {
    LogStream<ILoggingEvent> open = stream;
    return open == null ? 0 : open.lost();
  }

  private void reportLosses(String text) {
    addWarn("Appender [" + getName() + "]: " + text);
  }

  private Function<ILoggingEvent, String> text() {
    Encoder<ILoggingEvent> bytes = encoder;
    if (bytes != null) {
      Charset charset = charsetOf(bytes);
      return event -> new String(bytes.encode(event), charset);
    }
    Layout<ILoggingEvent> text = layout == null ? new JsonLayout() : layout;
    return text::doLayout;
  }

  /** Encoders do not tell theirs, but for those that only wrap a layout. */
  private static Charset charsetOf(Encoder<ILoggingEvent> encoder) {
    if (encoder instanceof LayoutWrappingEncoder<ILoggingEvent> wrapping) {
      return wrapping.getCharset() == null ? Charset.defaultCharset() : wrapping.getCharset();
    }
    return StandardCharsets.UTF_8;
  }

  /**
   * Sets what makes the text of an event. The encoder writes UTF-8, or the charset of a wrapped
   * layout; its header and footer are not used.
   *
   * @param value the encoder; it goes before a layout
   */
  public void setEncoder(Encoder<ILoggingEvent> value) {
    encoder = value;
  }

  /**
   * Sets what makes the text of an event. Default {@link JsonLayout}.
   *
   * @param value the layout
   */
  public void setLayout(Layout<ILoggingEvent> value) {
    layout = value;
  }

  /**
   * Sets the InLong Managers, tried in turn. This or {@code nodes} must be set.
   *
   * @param value URLs with commas between them
   */
  public void setManager(String value) {
    options.set("manager", value);
  }

  /**
   * Sets a fixed list of nodes in place of a Manager.
   *
   * @param value {@code host:port} or {@code https://host:port}, with commas between them
   */
  public void setNodes(String value) {
    options.set("nodes", value);
  }

  /**
   * Sets the group that events go to. Must be set.
   *
   * @param value a groupId
   */
  public void setGroup(String value) {
    options.set("group", value);
  }

  /**
   * Sets the stream that events go to. Must be set.
   *
   * @param value a streamId
   */
  public void setStream(String value) {
    options.set("stream", value);
  }

  /**
   * Sets the secret id that the Manager is shown. Default none.
   *
   * @param value set together with {@code secretKey}
   */
  public void setSecretId(String value) {
    options.set("secretId", value);
  }

  /**
   * Sets the secret key that requests to the Manager are signed with. Default none.
   *
   * @param value set together with {@code secretId}; best from the environment
   */
  public void setSecretKey(String value) {
    options.set("secretKey", value);
  }

  /**
   * Sets how long an event waits for others to share a request with. Default 50 ms.
   *
   * @param value a duration, zero or more
   */
  public void setLinger(String value) {
    options.set("linger", value);
  }

  /**
   * Sets how many events a request holds at most. Default 1,000.
   *
   * @param value at least 1
   */
  public void setBatchMessages(String value) {
    options.set("batchMessages", value);
  }

  /**
   * Sets how many bytes a request holds at most, encoded. Default 256 KB.
   *
   * @param value a size
   */
  public void setBatchBytes(String value) {
    options.set("batchBytes", value);
  }

  /**
   * Sets how many bytes are accepted and not delivered at most. Events that find the buffer full
   * are lost. Default 32 MB.
   *
   * @param value a size, at least 1024
   */
  public void setBuffer(String value) {
    options.set("buffer", value);
  }

  /**
   * Sets how many requests are on the way at once. Default 64.
   *
   * @param value at least 1
   */
  public void setMaxInFlight(String value) {
    options.set("maxInFlight", value);
  }

  /**
   * Sets how long a connection may take, TLS included. Default 3 s.
   *
   * @param value a duration, more than zero
   */
  public void setConnectTimeout(String value) {
    options.set("connectTimeout", value);
  }

  /**
   * Sets how long a request may take on its connection. Default 10 s.
   *
   * @param value a duration, more than zero
   */
  public void setRequestTimeout(String value) {
    options.set("requestTimeout", value);
  }

  /**
   * Sets how long the sender tries to deliver an event, while Manager or nodes are down, before it
   * gives the event up. Default 10 minutes.
   *
   * @param value a duration, more than zero
   */
  public void setDeliveryTimeout(String value) {
    options.set("deliveryTimeout", value);
  }

  /**
   * Sets how long a stop waits for the delivery of what was accepted. Default 10 s.
   *
   * @param value a duration, zero or more
   */
  public void setCloseTimeout(String value) {
    options.set("closeTimeout", value);
  }

  /**
   * Trusts the certificates in this file and no others. Default those of the Java runtime.
   *
   * @param value a file with X.509 certificates, PEM or DER
   */
  public void setTrustCertificates(String value) {
    options.set("trustCertificates", value);
  }

  /**
   * Sets the client certificate for TLS. Default none.
   *
   * @param value a PKCS#12 file
   */
  public void setClientCertificate(String value) {
    options.set("clientCertificate", value);
  }

  /**
   * Sets the password of the client certificate. Default empty.
   *
   * @param value a password; best from the environment
   */
  public void setClientCertificatePassword(String value) {
    options.set("clientCertificatePassword", value);
  }

  /**
   * Sends through an HTTP proxy. Default none.
   *
   * @param value {@code host:port}
   */
  public void setProxy(String value) {
    options.set("proxy", value);
  }

  /**
   * Keeps the last node lists in a directory, for a start while no Manager responds. Default off.
   *
   * @param value a directory
   */
  public void setSnapshots(String value) {
    options.set("snapshots", value);
  }

  /**
   * Sets what becomes of line breaks inside an event, which the servers would take for the end of a
   * message: {@code escape} writes each as the two characters {@code \n}, {@code split} lets an
   * event become several messages. The default JSON has none. Default {@code escape}.
   *
   * @param value {@code escape} or {@code split}
   */
  public void setLineBreaks(String value) {
    options.set("lineBreaks", value);
  }
}
