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
 * Shows on standard error how far a command is, with a bar where somebody looks on, and prints
 * lines between. Safe for use by many threads.
 */
final class Progress implements AutoCloseable {

  /** What is counted. */
  enum Unit {
    LINES(" lines", 1),
    BYTES(" KiB", 1024);

    private final String suffix;
    private final long size;

    Unit(String suffix, long size) {
      this.suffix = suffix;
      this.size = size;
    }
  }

  /** For the total of an input that nobody knows the end of. */
  static final long UNKNOWN = -1;

  private static final int WIDTH = 79;
  private static final int UPDATE_MILLIS = 200;

  private final PrintWriter err;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicBoolean finished = new AtomicBoolean();
  private final Line line = new Line();
  private final @Nullable ProgressBar bar;

  private Progress(PrintWriter err, @Nullable ProgressBarBuilder builder) {
    this.err = err;
    bar = builder == null ? null : builder.setConsumer(line).build();
  }

  /** Lines only. */
  static Progress silent(PrintWriter err) {
    return new Progress(err, null);
  }

  /** A bar, if standard error is a terminal. */
  static Progress of(PrintWriter err, Unit unit, long total) {
    return Terminal.isInteractive() ? bar(err, unit, total) : silent(err);
  }

  static Progress bar(PrintWriter err, Unit unit, long total) {
    return new Progress(
        err,
        new ProgressBarBuilder()
            .setTaskName("Sending")
            .setInitialMax(total)
            .setUnit(unit.suffix, unit.size)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setMaxRenderedLength(WIDTH)
            .showSpeed(new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT))));
  }

  void at(long done) {
    if (bar != null) {
      bar.stepTo(done);
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
  private final class Line implements ProgressBarConsumer {
    private final AtomicBoolean closed = new AtomicBoolean();

    @Override
    public int getMaxRenderedLength() {
      return WIDTH;
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
