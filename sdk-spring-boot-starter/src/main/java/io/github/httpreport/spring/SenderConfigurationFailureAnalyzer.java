package io.github.httpreport.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains at the start of an application which property of a sender is wrong. */
final class SenderConfigurationFailureAnalyzer
    extends AbstractFailureAnalyzer<SenderConfigurationException> {

  @Override
  protected FailureAnalysis analyze(
      Throwable rootFailure, SenderConfigurationException configuration) {
    return new FailureAnalysis(
        "An HTTP Report sender was not created, because "
            + configuration.getMessage()
            + ". A setting of the builder has the property of the same name: maxInFlight is"
            + " max-in-flight.",
        "Change the property, or set http-report.enabled=false to run without senders.",
        configuration);
  }
}
