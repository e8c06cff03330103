package io.github.httpreport.examples.cli;

import io.github.httpreport.Destination;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Hands lines to a sender, counts what becomes of them, and calls a listener. */
final class LinePump {

  /** Called for lines as they come to their end, by several threads at a time. */
  interface Listener {

    /** A line is about to be handed to the sender. */
    default void sending(String line) {}

    /** A line came to its end, one way or another. */
    default void completed() {}

    /**
     * A line was not delivered.
     *
     * @param line its bytes
     * @param place the input and the number of the line
     * @param cause why
     */
    default void failed(byte[] line, String place, Throwable cause) {}

    /**
     * A line cannot be sent at all.
     *
     * @param line its bytes; null where it is too long to be held
     * @param place the input and the number of the line
     * @param why where in the line, and why
     */
    void refused(byte @Nullable [] line, String place, String why);
  }

  private final ProxySender sender;
  private final Destination destination;
  private final LineCounters counters;
  private final Listener listener;
  private final UnaryOperator<String> bodies;

  /** Lines whose outcome is not counted yet, and one more until the last line was offered. */
  private final AtomicLong pending = new AtomicLong(1);

  private final CompletableFuture<Void> allCounted = new CompletableFuture<>();

  /**
   * @param bodies what the sender is given for a line
   */
  LinePump(
      ProxySender sender,
      Destination destination,
      LineCounters counters,
      Listener listener,
      UnaryOperator<String> bodies) {
    this.bodies = bodies;
    this.sender = sender;
    this.destination = destination;
    this.counters = counters;
    this.listener = listener;
  }

  /**
   * Takes one line; waits while the sender's buffer is full.
   *
   * @param source the input that the line comes from
   * @return false if the sender was closed before it took the line, which then does not count
   */
  boolean offer(Line line, String source) {
    String place = source + ", line " + line.number();
    if (line instanceof Line.TextLine text) {
      return send(text.text(), place);
    }
    counters.read.increment();
    if (line instanceof Line.NotUtf8 bad) {
      counters.notUtf8.increment();
      listener.refused(bad.bytes(), place, "byte offset " + bad.offset() + ": not UTF-8, skipped");
    } else if (line instanceof Line.TooLong big) {
      counters.tooLong.increment();
      listener.refused(
          null,
          place,
          ("byte offset " + big.offset() + ": " + Format.number(big.length()) + " bytes long, ")
              + (Format.number(LineReader.MAX_LINE_BYTES) + " are the most, skipped"));
    }
    return true;
  }

  private boolean send(String text, String place) {
    counters.read.increment();
    if (text.isBlank()) {
      counters.blank.increment();
      return true;
    }
    listener.sending(text);
    pending.incrementAndGet();
    try {
      sender
          .enqueue(bodies.apply(text), destination.groupId(), destination.streamId())
          .whenComplete((result, error) -> completed(text, place, result, error));
    } catch (IllegalArgumentException refused) {
      completed(text, place, null, refused);
    } catch (IllegalStateException closedMeanwhile) {
      counters.read.decrement();
      oneLess();
      return false;
    }
    return true;
  }

  /**
   * Waits until the outcome of every line is counted. The sender's flush and close wait for the
   * futures, and not for the callbacks that count. To be called once, after the last line and when
   * the sender is flushed or closed.
   */
  void awaitOutcomes() {
    oneLess();
    allCounted.join();
  }

  private void oneLess() {
    if (pending.decrementAndGet() == 0) {
      allCounted.complete(null);
    }
  }

  private void completed(
      String text, String place, @Nullable SendResult result, @Nullable Throwable error) {
    try {
      count(text, place, result, error);
      listener.completed();
    } finally {
      oneLess();
    }
  }

  private void count(
      String text, String place, @Nullable SendResult result, @Nullable Throwable error) {
    if (result == null) {
      counters.failed.increment();
      Throwable cause = Format.unwrapped(error);
      listener.failed(
          text.getBytes(StandardCharsets.UTF_8),
          place,
          cause == null ? new IllegalStateException("no result") : cause);
      return;
    }
    (result.spooled() ? counters.spooled : counters.acknowledged).increment();
    if (result.possibleDuplicate()) {
      counters.possibleDuplicates.increment();
    }
  }
}
