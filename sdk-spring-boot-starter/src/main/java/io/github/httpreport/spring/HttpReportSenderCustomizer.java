package io.github.httpreport.spring;

import io.github.httpreport.HttpProxySender;

/**
 * Callback of the application that changes a sender's builder after the properties were applied and
 * before the sender is built. Every bean of this type is called, in the order of {@code @Order}.
 */
@FunctionalInterface
public interface HttpReportSenderCustomizer {

  /**
   * Changes the builder of one sender.
   *
   * @param sender the key of the sender under {@code http-report.senders}; {@code default} for the
   *     sender of {@code http-report} itself
   * @param builder the builder; a setting made here replaces that of the properties
   */
  void customize(String sender, HttpProxySender.Builder builder);
}
