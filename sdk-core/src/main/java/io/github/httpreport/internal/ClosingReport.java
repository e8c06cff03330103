package io.github.httpreport.internal;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.internal.batch.AbandonedMessages.Sum;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.delivery.SendExceptions;
import io.github.httpreport.internal.telemetry.LossLog;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last words of a sender: it logs the losses that no summary has told yet, and which messages
 * closing leaves behind, and lets the metrics count those. Used once, by the thread that closes.
 */
final class ClosingReport {

  private static final Logger LOG = LoggerFactory.getLogger(ClosingReport.class);
  private static final int MAX_NAMED = 10;

  private final IncompleteBatches ledger;
  private final LossLog losses;
  private final SenderMetrics metrics;
  private final String name;

  /**
   * A report.
   *
   * @param metrics those of the application alone: this report logs the losses itself
   */
  ClosingReport(
      IncompleteBatches ledger, LossLog losses, SenderMetrics metrics, SenderSettings settings) {
    this.ledger = ledger;
    this.losses = losses;
    this.metrics = metrics;
    name = settings.name();
  }

  void run(CloseSummary summary) {
    losses.close();
    List<Sum> left = ledger.leftBehind().largestFirst();
    if (!left.isEmpty()) {
      LOG.warn(
          "Sender {} was closed before {} messages were acknowledged; they are lost unless a server"
              + " has them, and {}: {}",
          name,
          summary.abandoned(),
          spooled(summary),
          words(left));
    } else if (summary.spooled() > 0) {
      LOG.info("Sender {} is closed, and {}", name, spooled(summary));
    }
    for (Sum sum : left) {
      metrics.failed(sum.destination(), sum.messages(), SendExceptions.closed());
    }
  }

  /** Lets the metrics know that nothing more happens. */
  void end() {
    metrics.closed();
  }

  private static String spooled(CloseSummary summary) {
    return summary.spooled() == 0
        ? "none is in a spool"
        : summary.spooled() + " others are in the spool, for the next sender to deliver";
  }

  private static String words(List<Sum> sums) {
    String named =
        sums.stream().limit(MAX_NAMED).map(ClosingReport::words).collect(Collectors.joining("; "));
    int more = sums.size() - MAX_NAMED;
    return more > 0 ? named + "; and " + more + " more destinations" : named;
  }

  private static String words(Sum sum) {
    String reason = sum.reason().isEmpty() ? "no answer yet" : sum.reason();
    return sum.messages() + " for " + sum.destination() + " (" + reason + ')';
  }
}
