package io.github.httpreport.examples.cli;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.Destination;
import io.github.httpreport.ProxySender;
import io.github.httpreport.error.RejectedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sends inputs from start to end, or until it is to stop. Reading has a thread of its own, because
 * nothing wakes a thread that waits for standard input. The main thread waits for the end or the
 * stop, and then closes the sender; callbacks of the sender count lines. The lock is held while the
 * reader hands a line over, so that after the close every line is either counted or not taken.
 */
final class Sending {

  private static final int LINES_PER_UPDATE = 100;

  /** A reader of files comes to its end, or sees that it is to stop, in far less. */
  private static final Duration READER_ENDS_WITHIN = Duration.ofSeconds(1);

  private final ProxySender sender;
  private final LineCounters counters;
  private final FailedLines failedLines;
  private final Progress progress;
  private final ErrorThrottle errors;
  private final LinePump pump;
  private final ReentrantLock lineInHand = new ReentrantLock();
  private final CompletableFuture<Void> read = new CompletableFuture<>();
  private volatile String position = "";
  private volatile boolean stopped;
  private volatile boolean readToEnd;
  private long startNanos;
  private Duration elapsed = Duration.ZERO;

  Sending(
      ProxySender sender,
      Destination destination,
      LineCounters counters,
      FailedLines failedLines,
      Progress progress) {
    this.sender = sender;
    this.counters = counters;
    this.failedLines = failedLines;
    this.progress = progress;
    errors = new ErrorThrottle(progress::say);
    pump = new LinePump(sender, destination, counters, new Failures(), UnaryOperator.identity());
  }

  /**
   * Returns when everything that was read is complete, or the time to close is over.
   *
   * @param linesPerSecond at most, or {@link Pace#UNLIMITED}
   */
  void run(
      List<Input> inputs,
      long linesPerSecond,
      CompletableFuture<Void> stop,
      Duration closeTimeout) {
    startNanos = System.nanoTime();
    Pace pace = new Pace(linesPerSecond, stop);
    Thread reader = new Thread(() -> readAll(inputs, pace), "http-report-reader");
    reader.setDaemon(true);
    reader.start();
    CompletableFuture<Void> completed = read.thenCompose(nothing -> sender.flush());
    try {
      CompletableFuture.anyOf(completed, stop).join();
      if (!completed.isDone()) {
        sayStopping(closeTimeout);
      }
    } catch (CompletionException readerFailed) {
      throw new CommandFailedException(Format.of(readerFailed), readerFailed);
    } finally {
      stopped = true;
      CloseSummary summary = sender.close(closeTimeout);
      awaitReader(inputs);
      pump.awaitOutcomes();
      counters.closed(summary);
      progress.at(counters.completed(), counters.failed.sum());
    }
  }

  private void sayStopping(Duration closeTimeout) {
    progress.say(
        "Stopping: waiting up to "
            + Format.time(closeTimeout)
            + " for "
            + Format.lines(counters.unclaimed())
            + " that were read and not acknowledged yet. Ctrl-C again ends at once.");
  }

  private void awaitReader(List<Input> inputs) {
    // Closing wakes a reader that waits for room.
    lineInHand.lock();
    try {
      elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
    } finally {
      lineInHand.unlock();
    }
    if (inputs.stream().allMatch(Input::hasSize)) {
      try {
        read.get(READER_ENDS_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        // The report says that the input was not read to its end.
        return;
      }
    }
  }

  private void readAll(List<Input> inputs, Pace pace) {
    try {
      TotalEstimate total = new TotalEstimate(inputs);
      boolean all = true;
      for (Input input : inputs) {
        all &= readToEnd(input, total, pace);
      }
      readToEnd = all;
      progress.total(counters.read.sum());
      read.complete(null);
    } catch (RuntimeException e) {
      read.completeExceptionally(e);
    }
  }

  private boolean readToEnd(Input input, TotalEstimate total, Pace pace) {
    String source = input.name();
    try (CountedInput bytes = input.open();
        LineReader lines = new LineReader(bytes)) {
      Line line = lines.next();
      if (lines.hadByteOrderMark()) {
        progress.say(source + " begins with a byte order mark, which is not sent.");
      }
      while (line != null) {
        pace.await();
        if (!handOver(line, source)) {
          return false;
        }
        position = source + ", line " + line.number();
        if (line.number() % LINES_PER_UPDATE == 0) {
          progress.total(total.lines(bytes.consumed(), counters.read.sum()));
        }
        line = lines.next();
      }
      total.ended(bytes.consumed());
      return true;
    } catch (IOException e) {
      progress.say("error: " + source + " could not be read to its end: " + Format.of(e));
      return false;
    }
  }

  private boolean handOver(Line line, String source) {
    lineInHand.lock();
    try {
      return !stopped && pump.offer(line, source);
    } finally {
      lineInHand.unlock();
    }
  }

  /** Prints what became of the lines, and returns the exit code. */
  int report(PrintWriter out) {
    counters
        .table()
        .row("Retries", Format.number(counters.retries()))
        .row("Messages/s", Format.perSecond(counters.acknowledged.sum(), elapsed))
        .print(out);
    out.println();
    IOException unwritten = failedLines.firstError();
    if (unwritten != null) {
      out.println("The file of failed lines lacks some: " + Format.of(unwritten));
    }
    if (!readToEnd) {
      out.println(
          "The input was not read to its end."
              + (position.isEmpty() ? "" : " The last line that was read: " + position + "."));
    }
    long undelivered = counters.undelivered();
    out.println(
        undelivered == 0
            ? "Every line that was read was acknowledged."
            : Format.lines(undelivered) + " not delivered.");
    if (counters.spooled.sum() > 0) {
      out.println(
          Format.lines(counters.spooled.sum()) + " on disk, for the next run with this spool.");
    }
    out.flush();
    return undelivered == 0 && readToEnd && unwritten == null ? 0 : 1;
  }

  /** Keeps lines that were not delivered, prints why, and moves the progress on. */
  private final class Failures implements LinePump.Listener {
    private final AtomicLong completedLines = new AtomicLong();

    @Override
    public void completed() {
      if (completedLines.incrementAndGet() % LINES_PER_UPDATE == 0) {
        progress.at(counters.completed(), counters.failed.sum());
      }
    }

    @Override
    public void failed(byte[] line, String place, Throwable cause) {
      failedLines.add(line);
      String code = cause instanceof RejectedException rejected ? rejected.code() : "";
      errors.show(
          cause.getClass().getName() + code, place + ": ", "not delivered: " + Format.of(cause));
    }

    @Override
    public void refused(byte @Nullable [] line, String place, String why) {
      if (line != null) {
        failedLines.add(line);
      }
      errors.show("", place + ", ", why);
    }
  }
}
