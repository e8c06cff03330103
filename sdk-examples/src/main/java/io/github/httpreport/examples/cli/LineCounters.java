package io.github.httpreport.examples.cli;

import io.github.httpreport.Attempt;
import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.error.SendException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts lines and requests. Safe for use by many threads. */
final class LineCounters implements SenderMetrics {

  final LongAdder read = new LongAdder();
  final LongAdder blank = new LongAdder();
  final LongAdder notUtf8 = new LongAdder();
  final LongAdder tooLong = new LongAdder();
  final LongAdder acknowledged = new LongAdder();
  final LongAdder spooled = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder possibleDuplicates = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder deliveries = new LongAdder();

  /** Lines that nothing more will happen to. */
  long completed() {
    return acknowledged.sum() + spooled.sum() + failed.sum() + blank.sum() + unsendable();
  }

  /** Lines that were read and are not complete. */
  long unclaimed() {
    return Math.max(0, read.sum() - completed());
  }

  /** Lines that were never given to the sender, though the user may miss them. */
  long unsendable() {
    return notUtf8.sum() + tooLong.sum();
  }

  long undelivered() {
    return failed.sum() + unsendable() + spooled.sum();
  }

  /** Tells in the end what became of the lines that were put on disk. */
  void closed(CloseSummary summary) {
    long fromSpool = summary.sent() - acknowledged.sum();
    long failedInSpool = spooled.sum() - fromSpool - summary.spooled();
    acknowledged.add(fromSpool);
    failed.add(failedInSpool);
    spooled.add(-fromSpool - failedInSpool);
  }

  /** Requests beyond the first for the same messages. */
  long retries() {
    return Math.max(0, requests.sum() - deliveries.sum());
  }

  @Override
  public void attempted(Destination destination, Attempt attempt) {
    requests.increment();
  }

  @Override
  public void sent(Destination destination, int messages, Duration elapsed) {
    deliveries.increment();
  }

  @Override
  public void failed(Destination destination, int messages, RuntimeException cause) {
    if (cause instanceof SendException e && !e.attempts().isEmpty()) {
      deliveries.increment();
    }
  }

  /** The rows that every report begins with. */
  Table table() {
    Table table = new Table("lr").row("Lines read", Format.number(read.sum()));
    rowUnlessZero(table, "  skipped: blank", blank);
    rowUnlessZero(table, "  skipped: not UTF-8", notUtf8);
    rowUnlessZero(table, "  skipped: too long", tooLong);
    table.row("Acknowledged", Format.number(acknowledged.sum()));
    rowUnlessZero(table, "On disk", spooled);
    rowUnlessZero(table, "Failed", failed);
    rowUnlessZero(table, "Possible duplicates", possibleDuplicates);
    return table;
  }

  private static void rowUnlessZero(Table table, String what, LongAdder count) {
    if (count.sum() > 0) {
      table.row(what, Format.number(count.sum()));
    }
  }
}
