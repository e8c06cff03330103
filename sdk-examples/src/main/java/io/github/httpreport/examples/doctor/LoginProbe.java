package io.github.httpreport.examples.doctor;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Logs in to a gateway of Memphis as a sender does. */
public final class LoginProbe implements NodeCheck {

  private static final String STEP = "credentials";

  private final WireProtocol protocol;

  /**
   * Logs in with the credentials of a protocol.
   *
   * @param protocol has user and password
   */
  public LoginProbe(WireProtocol protocol) {
    this.protocol = protocol;
  }

  @Override
  public Finding check(String subject, Node node, Exchange exchange) {
    long start = System.nanoTime();
    try {
      Verdict verdict =
          protocol.authenticate(node, Optional.empty(), exchange).toCompletableFuture().join();
      return finding(subject, verdict, Text.millisSince(start));
    } catch (CompletionException refused) {
      return Finding.failed(subject, STEP, Text.of(refused));
    }
  }

  private static Finding finding(String subject, Verdict verdict, double millis) {
    Finding finding =
        verdict instanceof Verdict.Accepted
            ? Finding.ok(subject, STEP, "accepted, " + Text.millis(millis))
            : Finding.failed(subject, STEP, "answered " + HealthCheck.textOf(verdict));
    return finding.with("millis", millis);
  }
}
