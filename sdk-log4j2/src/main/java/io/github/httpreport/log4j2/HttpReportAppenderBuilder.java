package io.github.httpreport.log4j2;

import io.github.httpreport.logging.StreamOptions;
import java.io.Serializable;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderAttribute;
import org.apache.logging.log4j.core.util.Builder;
import org.jspecify.annotations.Nullable;

/**
 * Builder of an appender. The setters have the names of the XML attributes. Every option is a text:
 * durations have a unit ({@code 500ms}, {@code 10s}, {@code 2m}), sizes may have one ({@code 64KB},
 * {@code 32MB}). Not safe for use by several threads.
 *
 * @param <B> the type of the builder
 */
public class HttpReportAppenderBuilder<B extends HttpReportAppenderBuilder<B>>
    extends AbstractAppender.Builder<B> implements Builder<HttpReportAppender> {

  @PluginBuilderAttribute private @Nullable String manager;

  @PluginBuilderAttribute private @Nullable String nodes;

  @PluginBuilderAttribute private @Nullable String group;

  @PluginBuilderAttribute private @Nullable String stream;

  @PluginBuilderAttribute(sensitive = true)
  private @Nullable String secretId;

  @PluginBuilderAttribute(sensitive = true)
  private @Nullable String secretKey;

  @PluginBuilderAttribute private @Nullable String linger;

  @PluginBuilderAttribute private @Nullable String batchMessages;

  @PluginBuilderAttribute private @Nullable String batchBytes;

  @PluginBuilderAttribute private @Nullable String buffer;

  @PluginBuilderAttribute private @Nullable String maxInFlight;

  @PluginBuilderAttribute private @Nullable String connectTimeout;

  @PluginBuilderAttribute private @Nullable String requestTimeout;

  @PluginBuilderAttribute private @Nullable String deliveryTimeout;

  @PluginBuilderAttribute private @Nullable String closeTimeout;

  @PluginBuilderAttribute private @Nullable String trustCertificates;

  @PluginBuilderAttribute private @Nullable String clientCertificate;

  @PluginBuilderAttribute(sensitive = true)
  private @Nullable String clientCertificatePassword;

  @PluginBuilderAttribute private @Nullable String proxy;

  @PluginBuilderAttribute private @Nullable String snapshots;

  @PluginBuilderAttribute private @Nullable String lineBreaks;

  /** A builder with the defaults. */
  HttpReportAppenderBuilder() {}

  /**
   * Makes the appender, which opens no connection and starts no thread.
   *
   * @return the appender; null if an option is bad, and the status logger has an error that names
   *     it
   */
  @Override
  public @Nullable HttpReportAppender build() {
    try {
      Layout<? extends Serializable> layout =
          getLayout() == null ? JsonLayout.createDefault() : getLayout();
      return new HttpReportAppender(getName(), getFilter(), layout, options().read());
    } catch (IllegalArgumentException | IllegalStateException e) {
      HttpReportAppender.refused(getName(), e);
      return null;
    }
  }

  private StreamOptions options() {
    StreamOptions options = new StreamOptions();
    options.set("manager", manager);
    options.set("nodes", nodes);
    options.set("group", group);
    options.set("stream", stream);
    options.set("secretId", secretId);
    options.set("secretKey", secretKey);
    options.set("linger", linger);
    options.set("batchMessages", batchMessages);
    options.set("batchBytes", batchBytes);
    options.set("buffer", buffer);
    options.set("maxInFlight", maxInFlight);
    options.set("connectTimeout", connectTimeout);
    options.set("requestTimeout", requestTimeout);
    options.set("deliveryTimeout", deliveryTimeout);
    options.set("closeTimeout", closeTimeout);
    options.set("trustCertificates", trustCertificates);
    options.set("clientCertificate", clientCertificate);
    options.set("clientCertificatePassword", clientCertificatePassword);
    options.set("proxy", proxy);
    options.set("snapshots", snapshots);
    options.set("lineBreaks", lineBreaks);
    return options;
  }

  /**
   * Sets the InLong Managers, tried in turn. This or {@code nodes} must be set.
   *
   * @param value URLs with commas between them
   * @return this builder
   */
  public B setManager(@Nullable String value) {
    manager = value;
    return asBuilder();
  }

  /**
   * Sets a fixed list of nodes in place of a Manager.
   *
   * @param value {@code host:port} or {@code https://host:port}, with commas between them
   * @return this builder
   */
  public B setNodes(@Nullable String value) {
    nodes = value;
    return asBuilder();
  }

  /**
   * Sets the group that events go to. Must be set.
   *
   * @param value a groupId
   * @return this builder
   */
  public B setGroup(@Nullable String value) {
    group = value;
    return asBuilder();
  }

  /**
   * Sets the stream that events go to. Must be set.
   *
   * @param value a streamId
   * @return this builder
   */
  public B setStream(@Nullable String value) {
    stream = value;
    return asBuilder();
  }

  /**
   * Sets the secret id that the Manager is shown. Default none.
   *
   * @param value set together with {@code secretKey}
   * @return this builder
   */
  public B setSecretId(@Nullable String value) {
    secretId = value;
    return asBuilder();
  }

  /**
   * Sets the secret key that requests to the Manager are signed with. Default none.
   *
   * @param value set together with {@code secretId}; best from the environment
   * @return this builder
   */
  public B setSecretKey(@Nullable String value) {
    secretKey = value;
    return asBuilder();
  }

  /**
   * Sets how long an event waits for others to share a request with. Default 50 ms.
   *
   * @param value a duration, zero or more
   * @return this builder
   */
  public B setLinger(@Nullable String value) {
    linger = value;
    return asBuilder();
  }

  /**
   * Sets how many events a request holds at most. Default 1,000.
   *
   * @param value at least 1
   * @return this builder
   */
  public B setBatchMessages(@Nullable String value) {
    batchMessages = value;
    return asBuilder();
  }

  /**
   * Sets how many bytes a request holds at most, encoded. Default 256 KB.
   *
   * @param value a size
   * @return this builder
   */
  public B setBatchBytes(@Nullable String value) {
    batchBytes = value;
    return asBuilder();
  }

  /**
   * Sets how many bytes are accepted and not delivered at most. Events that find the buffer full
   * are lost. Default 32 MB.
   *
   * @param value a size, at least 1024
   * @return this builder
   */
  public B setBuffer(@Nullable String value) {
    buffer = value;
    return asBuilder();
  }

  /**
   * Sets how many requests are on the way at once. Default 64.
   *
   * @param value at least 1
   * @return this builder
   */
  public B setMaxInFlight(@Nullable String value) {
    maxInFlight = value;
    return asBuilder();
  }

  /**
   * Sets how long a connection may take, TLS included. Default 3 s.
   *
   * @param value a duration, more than zero
   * @return this builder
   */
  public B setConnectTimeout(@Nullable String value) {
    connectTimeout = value;
    return asBuilder();
  }

  /**
   * Sets how long a request may take on its connection. Default 10 s.
   *
   * @param value a duration, more than zero
   * @return this builder
   */
  public B setRequestTimeout(@Nullable String value) {
    requestTimeout = value;
    return asBuilder();
  }

  /**
   * Sets how long the sender tries to deliver an event, while Manager or nodes are down, before it
   * gives the event up. Default 10 minutes.
   *
   * @param value a duration, more than zero
   * @return this builder
   */
  public B setDeliveryTimeout(@Nullable String value) {
    deliveryTimeout = value;
    return asBuilder();
  }

  /**
   * Sets how long a stop waits for the delivery of what was accepted. Default 10 s.
   *
   * @param value a duration, zero or more
   * @return this builder
   */
  public B setCloseTimeout(@Nullable String value) {
    closeTimeout = value;
    return asBuilder();
  }

  /**
   * Trusts the certificates in this file and no others. Default those of the Java runtime.
   *
   * @param value a file with X.509 certificates, PEM or DER
   * @return this builder
   */
  public B setTrustCertificates(@Nullable String value) {
    trustCertificates = value;
    return asBuilder();
  }

  /**
   * Sets the client certificate for TLS. Default none.
   *
   * @param value a PKCS#12 file
   * @return this builder
   */
  public B setClientCertificate(@Nullable String value) {
    clientCertificate = value;
    return asBuilder();
  }

  /**
   * Sets the password of the client certificate. Default empty.
   *
   * @param value a password; best from the environment
   * @return this builder
   */
  public B setClientCertificatePassword(@Nullable String value) {
    clientCertificatePassword = value;
    return asBuilder();
  }

  /**
   * Sends through an HTTP proxy. Default none.
   *
   * @param value {@code host:port}
   * @return this builder
   */
  public B setProxy(@Nullable String value) {
    proxy = value;
    return asBuilder();
  }

  /**
   * Keeps the last node lists in a directory, for a start while no Manager responds. Default off.
   *
   * @param value a directory
   * @return this builder
   */
  public B setSnapshots(@Nullable String value) {
    snapshots = value;
    return asBuilder();
  }

  /**
   * Sets what becomes of line breaks inside an event, which the servers would take for the end of a
   * message: {@code escape} writes each as the two characters {@code \n}, {@code split} lets an
   * event become several messages. The default JSON has none. Default {@code escape}.
   *
   * @param value {@code escape} or {@code split}
   * @return this builder
   */
  public B setLineBreaks(@Nullable String value) {
    lineBreaks = value;
    return asBuilder();
  }
}
