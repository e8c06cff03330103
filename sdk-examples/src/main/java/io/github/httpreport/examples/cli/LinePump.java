package io.github.httpreport.examples.cli;

import io.github.httpreport.Destination;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Hands lines to a sender, and counts and tells what becomes of them. */
final class LinePump {

  /** Told of lines that are not with the server. By several threads at a time. */
  interface Listener {

    /** A line is about to be handed to the sender. */
    default void sending(String line) {}

    /**
     * A line was not delivered.
     *
     * @param line its bytes
     * @param cause why
     */
    default void failed(byte[] line, Throwable cause) {}

    /**
     * A line cannot be sent at all.
     *
     * @param line its bytes; null where it is too long to be held
     * @param words which one and why
     */
    void refused(byte @Nullable [] line, String words);
  }

  private final ProxySender sender;
  private final Destination destination;
  private final Tally tally;
  private final Listener listener;
  private final UnaryOperator<String> bodies;

  /**
   * @param bodies what the sender is given for a line
   */
  LinePump(
      ProxySender sender,
      Destination destination,
      Tally tally,
      Listener listener,
      UnaryOperator<String> bodies) {
    this.bodies = bodies;
    this.sender = sender;
    this.destination = destination;
    this.tally = tally;
    this.listener = listener;
  }

  /** Takes one line; waits while the sender's buffer is full. */
  void offer(Line line) {
    tally.read.increment();
    if (line instanceof Line.Text text) {
      send(text.text());
    } else if (line instanceof Line.NotUtf8 bad) {
      tally.notUtf8.increment();
      listener.refused(bad.bytes(), at(line, "byte offset " + bad.offset()) + "not UTF-8, skipped");
    } else if (line instanceof Line.TooLong big) {
      tally.tooLong.increment();
      listener.refused(
          null,
          at(line, "byte offset " + big.offset())
              + (Words.number(big.length()) + " bytes long, ")
              + (Words.number(LineReader.MAX_LINE_BYTES) + " are the most, skipped"));
    }
  }

  private static String at(Line line, String offset) {
    return "line " + line.number() + ", " + offset + ": ";
  }

  private void send(String text) {
    if (text.isBlank()) {
      tally.blank.increment();
      return;
    }
    listener.sending(text);
    try {
      sender
          .enqueue(bodies.apply(text), destination.groupId(), destination.streamId())
          .whenComplete((result, error) -> settled(text, result, error));
    } catch (IllegalArgumentException | IllegalStateException refused) {
      // A line that the protocol does not take, or a sender that was closed while this one waited.
      settled(text, null, refused);
    }
  }

  private void settled(String text, @Nullable SendResult result, @Nullable Throwable error) {
    if (result == null) {
      tally.failed.increment();
      Throwable cause = Words.unwrapped(error);
      listener.failed(
          text.getBytes(StandardCharsets.UTF_8),
          cause == null ? new IllegalStateException("no result") : cause);
      return;
    }
    (result.spooled() ? tally.spooled : tally.acknowledged).increment();
    if (result.possibleDuplicate()) {
      tally.possibleDuplicates.increment();
    }
  }
}
