package io.github.httpreport.examples.cli;

import java.io.PrintWriter;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A bar on standard error, where that is a terminal, that counts the lines that came to their end,
 * with log lines between. Safe for use by many threads: the lock keeps lines and bar apart, and
 * guards nothing else.
 */
final class Progress implements AutoCloseable {

  /** For the total of an input whose end is not known. */
  static final long UNKNOWN = -1;

  private static final int UPDATE_MILLIS = 200;

  private final PrintWriter err;
  private final int width;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicBoolean finished = new AtomicBoolean();
  private final ProgressLine line = new ProgressLine();
  private final @Nullable ProgressBar bar;

  private Progress(PrintWriter err, int width, @Nullable ProgressBarBuilder builder) {
    this.err = err;
    this.width = width;
    bar = builder == null ? null : builder.setConsumer(line).build();
  }

  /** Lines only. */
  static Progress silent(PrintWriter err) {
    return new Progress(err, 0, null);
  }

  /** A bar, if standard error is a terminal. */
  static Progress of(PrintWriter err, long total, int columns) {
    return Terminal.isInteractive() ? bar(err, total, columns) : silent(err);
  }

  static Progress bar(PrintWriter err, long total, int columns) {
    return new Progress(
        err,
        columns - 1,
        new ProgressBarBuilder()
            .setTaskName("Sending")
            .setInitialMax(total)
            .setUnit(" lines", 1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setMaxRenderedLength(columns - 1)
            .showSpeed(new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT))));
  }

  /** So many lines came to their end, and so many of these failed. */
  void at(long done, long failed) {
    if (bar != null) {
      bar.stepTo(done);
      if (failed > 0) {
        bar.setExtraMessage(" failed: " + Format.number(failed));
      }
    }
  }

  /** How many lines there will be, as far as can be told, or {@link #UNKNOWN}. */
  void total(long lines) {
    if (bar != null) {
      bar.maxHint(lines);
    }
  }

  /** Prints a line above the bar. */
  void say(String line) {
    lock.lock();
    try {
      err.println((bar == null ? "" : Terminal.ERASE_LINE) + line);
      err.flush();
    } finally {
      lock.unlock();
    }
  }

  /** Draws the bar a last time and leaves it behind. Does nothing when called again. */
  void finish() {
    if (bar != null && finished.compareAndSet(false, true)) {
      bar.close();
      // A bar that was never drawn before forgets to.
      line.close();
    }
  }

  @Override
  public void close() {
    finish();
  }

  /** The line that the bar is drawn on. */
  private final class ProgressLine implements ProgressBarConsumer {
    private final AtomicBoolean closed = new AtomicBoolean();

    @Override
    public int getMaxRenderedLength() {
      return width;
    }

    @Override
    public void accept(String drawn) {
      print(Terminal.ERASE_LINE + drawn);
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        print(System.lineSeparator());
      }
    }

    private void print(String text) {
      lock.lock();
      try {
        err.print(text);
        err.flush();
      } finally {
        lock.unlock();
      }
    }
  }
}
