package io.github.httpreport.examples.cli;

import io.github.httpreport.Destination;
import io.github.httpreport.ProxySender;
import io.github.httpreport.error.RejectedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sends inputs from start to end, or until it is to stop. Reading has a thread of its own, because
 * nothing wakes a thread that waits for standard input.
 */
final class Sending {

  private static final int LINES_PER_UPDATE = 100;

  private final ProxySender sender;
  private final Tally tally;
  private final FailedLines failedLines;
  private final Progress progress;
  private final Complaints complaints;
  private final LinePump pump;
  private final ReentrantLock lineInHand = new ReentrantLock();
  private volatile String source = "";
  private volatile boolean stopped;
  private volatile boolean complete = true;
  private long startNanos;
  private Duration elapsed = Duration.ZERO;

  Sending(
      ProxySender sender,
      Destination destination,
      Tally tally,
      FailedLines failedLines,
      Progress progress) {
    this.sender = sender;
    this.tally = tally;
    this.failedLines = failedLines;
    this.progress = progress;
    complaints = new Complaints(progress::say);
    pump = new LinePump(sender, destination, tally, new Failures(), UnaryOperator.identity());
  }

  /** Returns when everything that was read is settled, or the time to close is over. */
  void run(List<Input> inputs, CompletableFuture<Void> stop, Duration closeTimeout) {
    startNanos = System.nanoTime();
    CompletableFuture<Void> read = new CompletableFuture<>();
    Thread reader = new Thread(() -> readAll(inputs, read), "http-report-reader");
    reader.setDaemon(true);
    reader.start();
    CompletableFuture<Void> settled = read.thenCompose(nothing -> sender.flush());
    try {
      CompletableFuture.anyOf(settled, stop).join();
    } catch (CompletionException readerFailed) {
      throw new CommandFailedException(Words.of(readerFailed), readerFailed);
    } finally {
      complete &= settled.isDone();
      stopped = true;
      tally.closed(sender.close(closeTimeout));
      // Closing wakes a reader that waits for room; what it had in hand is then counted, too.
      lineInHand.lock();
      try {
        elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
      } finally {
        lineInHand.unlock();
      }
    }
  }

  private void readAll(List<Input> inputs, CompletableFuture<Void> read) {
    try {
      long bytesBefore = 0;
      for (Input input : inputs) {
        source = input.name();
        bytesBefore += read(input, bytesBefore);
      }
      read.complete(null);
    } catch (RuntimeException e) {
      read.completeExceptionally(e);
    }
  }

  private long read(Input input, long bytesBefore) {
    LineReader lines = null;
    try (LineReader opened = new LineReader(input.open())) {
      lines = opened;
      Line line = opened.next();
      while (line != null && handOver(line)) {
        if (line.number() % LINES_PER_UPDATE == 0) {
          progress.at(input.hasSize() ? bytesBefore + opened.offset() : tally.settled());
        }
        line = opened.next();
      }
      progress.at(input.hasSize() ? bytesBefore + opened.offset() : tally.settled());
    } catch (IOException e) {
      complete = false;
      progress.say("error: " + source + " could not be read to its end: " + Words.of(e));
    }
    return lines == null ? 0 : lines.offset();
  }

  private boolean handOver(Line line) {
    lineInHand.lock();
    try {
      if (!stopped) {
        pump.offer(line);
      }
      return !stopped;
    } finally {
      lineInHand.unlock();
    }
  }

  /** Prints what became of the lines, and tells the exit code. */
  int report(PrintWriter out) {
    tally
        .table()
        .row("Retries", Words.number(tally.retries()))
        .row("Messages/s", Words.perSecond(tally.acknowledged.sum(), elapsed))
        .print(out);
    out.println();
    IOException unwritten = failedLines.firstError();
    if (unwritten != null) {
      out.println("The file of failed lines lacks some: " + Words.of(unwritten));
    }
    if (!complete) {
      out.println("The input was not read to its end.");
    }
    long undelivered = tally.undelivered();
    out.println(
        undelivered == 0
            ? "Every line that was read was acknowledged."
            : Words.lines(undelivered) + " not delivered.");
    if (tally.spooled.sum() > 0) {
      out.println(Words.lines(tally.spooled.sum()) + " on disk, for the next run with this spool.");
    }
    out.flush();
    return undelivered == 0 && complete && unwritten == null ? 0 : 1;
  }

  /** Keeps and tells what was not delivered. */
  private final class Failures implements LinePump.Listener {

    @Override
    public void failed(byte[] line, Throwable cause) {
      failedLines.add(line);
      String code = cause instanceof RejectedException rejected ? rejected.code() : "";
      complaints.tell(cause.getClass().getName() + code, "not delivered: " + Words.of(cause));
    }

    @Override
    public void refused(byte @Nullable [] line, String words) {
      if (line != null) {
        failedLines.add(line);
      }
      complaints.tell(source, source + ", " + words);
    }
  }
}
