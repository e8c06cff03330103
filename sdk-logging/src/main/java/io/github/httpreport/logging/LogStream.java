package io.github.httpreport.logging;

import io.github.httpreport.ProxySender;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way of log events from an appender into a stream: encode, enqueue, count what is lost.
 *
 * <p>{@link #append} runs on the thread that logs. It never blocks, because the sender's buffer
 * refuses what it has no room for, and it never throws, an {@code Error} included: an application
 * must not fail because its log does. The sender's own threads deliver, and count what they give
 * up. {@link #close} runs on the thread that stops the appender and waits at most for the close
 * timeout.
 *
 * @param <E> the framework's log event
 */
public final class LogStream<E> {

  /**
   * Prefix of this library's loggers. They log on threads of the application as well, where neither
   * the thread's name nor, behind an asynchronous appender, its mark shows whose event it is. The
   * connections are the library's own and log under this prefix too; events of an httpclient5 that
   * the application uses itself are its events, and are appended.
   */
  private static final String OWN_LOGGERS = "io.github.httpreport.";

  /** Shared by all appenders: two of them would otherwise log each other's sending without end. */
  private static final String OWN_THREADS = "http-report-log-";

  private static final int MAX_NAME = 32;

  /**
   * Whether the current thread is in a sender of an appender, which connects and writes on the
   * thread that happens to append or to stop. One for all appenders, again because each would log
   * the sending of the other.
   */
  private static final ThreadLocal<boolean[]> SENDING =
      ThreadLocal.withInitial(() -> new boolean[1]);

  private final StreamSettings settings;
  private final Function<? super E, String> encoder;
  private final LossReport losses;
  private final ProxySender sender;

  private LogStream(
      StreamSettings settings,
      Function<? super E, String> encoder,
      String name,
      Consumer<String> status) {
    this.settings = settings;
    this.encoder = encoder;
    losses = new LossReport(settings.destination(), status, System::nanoTime);
    sender = settings.sender().name(OWN_THREADS + threadName(name)).metrics(losses).build();
  }

  /**
   * Opens a stream. Does no I/O and starts no thread.
   *
   * @param <E> the framework's log event
   * @param settings checked options
   * @param encoder makes the text of an event; called by several threads at once
   * @param name the appender's name
   * @param status takes reports of losses, at most one a minute, on any thread
   * @return the stream
   */
  public static <E> LogStream<E> open(
      StreamSettings settings,
      Function<? super E, String> encoder,
      String name,
      Consumer<String> status) {
    return new LogStream<>(settings, encoder, name, status);
  }

  /** The name of a sender is letters, digits and a few more; that of an appender is any text. */
  private static String threadName(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]", "-");
    return plain.length() <= MAX_NAME ? plain : plain.substring(0, MAX_NAME);
  }

  /**
   * Whether an event comes from the delivery of other events, and would cause the next one: by its
   * logger, by the thread that logged it, or because the current thread is delivering.
   *
   * @param logger the name of its logger
   * @param thread the name of the thread that logged it
   * @return true for an event that is not to be appended
   */
  public static boolean isOwn(@Nullable String logger, @Nullable String thread) {
    return (logger != null && logger.startsWith(OWN_LOGGERS))
        || (thread != null && thread.startsWith(OWN_THREADS))
        || SENDING.get()[0];
  }

  /**
   * Appends an event to the stream, or counts it as lost. Never blocks, never throws.
   *
   * @param event the event
   */
  public void append(E event) {
    boolean[] sending = SENDING.get();
    sending[0] = true;
    try {
      String text = encoded(event);
      if (text != null) {
        enqueue(text);
        losses.reportIfDue();
      }
    } catch (Throwable e) {
      losses.lost(1, e.getClass().getSimpleName(), String.valueOf(e.getMessage()));
    } finally {
      sending[0] = false;
    }
  }

  /** The exception of an encoder may hold the content of the event, so its text is left out. */
  private @Nullable String encoded(E event) {
    try {
      return encoder.apply(event);
    } catch (Throwable e) {
      StackTraceElement[] trace = e.getStackTrace();
      String where = trace.length == 0 ? "" : " at " + trace[0];
      String name = e.getClass().getSimpleName();
      losses.lost(1, name, "encoding it threw " + name + where);
      return null;
    }
  }

  /** The future is left alone: the metrics of the sender see every event that it stands for. */
  private void enqueue(String text) {
    String body = LineBreaks.withoutLast(text);
    sender.enqueue(
        settings.escapeLineBreaks() ? LineBreaks.escaped(body) : body,
        settings.destination().groupId(),
        settings.destination().streamId());
  }

  /**
   * How many events were lost so far.
   *
   * @return the events that were not encoded, not accepted or not delivered
   */
  public long lost() {
    return losses.total();
  }

  /**
   * Flushes and closes, and keeps to the close timeout: events that arrive during the flush are
   * accepted and delivered as well, those that arrive later count as lost. What is not delivered in
   * time is counted and reported. An interrupted thread waits as well, and stays interrupted:
   * frameworks stop appenders on threads that are told to end, and the events of that moment
   * matter.
   *
   * @param atMost a shorter time than the close timeout, where the framework has one; zero for none
   * @param stopAppender lets the framework hand over no more events; what it hands over between
   *     close and this is in the last report
   */
  public void close(Duration atMost, Runnable stopAppender) {
    boolean interrupted = Thread.interrupted();
    boolean[] sending = SENDING.get();
    sending[0] = true;
    long endNanos = System.nanoTime() + timeout(atMost).toNanos();
    try {
      flush(endNanos);
      sender.close(Duration.ofNanos(Math.max(0, endNanos - System.nanoTime())));
      stopAppender.run();
      losses.close();
    } finally {
      sending[0] = false;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Duration timeout(Duration atMost) {
    Duration own = settings.closeTimeout();
    return atMost.isZero() || own.compareTo(atMost) < 0 ? own : atMost;
  }

  private void flush(long endNanos) {
    try {
      sender.flush().get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      // The close that follows abandons what is left, and counts it.
    }
  }

  @Override
  public String toString() {
    return "LogStream[" + settings.destination() + ']';
  }
}
