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
 * Final report of a sender: logs the losses that no summary has logged yet and the messages that
 * closing leaves behind, and updates the metrics with those.
 *
 * <p>Used once, by the thread that closes, after every batch is complete or abandoned: the sums do
 * not change any more while they are logged.
 */
final class ClosingReport {

  private static final Logger LOG = LoggerFactory.getLogger(ClosingReport.class);

  /** Destinations that one log line names; it counts the others. */
  private static final int MAX_NAMED = 10;

  private final IncompleteBatches batches;
  private final LossLog losses;
  private final SenderMetrics metrics;
  private final String name;

  /**
   * @param metrics the application's metrics, without the log of losses: the report logs them
   *     itself
   */
  ClosingReport(
      IncompleteBatches batches, LossLog losses, SenderMetrics metrics, SenderSettings settings) {
    this.batches = batches;
    this.losses = losses;
    this.metrics = metrics;
    name = settings.name();
  }

  /**
   * Logs and counts what is left. The log of losses closes first, so that its last summaries stand
   * before the line about the close.
   */
  void run(CloseSummary summary) {
    losses.close();
    List<Sum> left = batches.leftBehind().largestFirst();
    if (!left.isEmpty()) {
      LOG.warn(
          "Sender {} was closed before {} messages were acknowledged; they are lost unless a server"
              + " has them, and {}: {}",
          name,
          summary.abandoned(),
          spooled(summary),
          text(left));
    } else if (summary.spooled() > 0) {
      LOG.info("Sender {} is closed, and {}", name, spooled(summary));
    }
    for (Sum sum : left) {
      metrics.failed(sum.destination(), sum.messages(), SendExceptions.closed());
    }
  }

  /** Closes the metrics: nothing updates them after this. */
  void end() {
    metrics.closed();
  }

  private static String spooled(CloseSummary summary) {
    return summary.spooled() == 0
        ? "none is in a spool"
        : summary.spooled() + " others are in the spool, for the next sender to deliver";
  }

  private static String text(List<Sum> sums) {
    String named =
        sums.stream().limit(MAX_NAMED).map(ClosingReport::text).collect(Collectors.joining("; "));
    int more = sums.size() - MAX_NAMED;
    return more > 0 ? named + "; and " + more + " more destinations" : named;
  }

  private static String text(Sum sum) {
    String reason = sum.reason().isEmpty() ? "no answer yet" : sum.reason();
    return sum.messages() + " for " + sum.destination() + " (" + reason + ')';
  }
}
