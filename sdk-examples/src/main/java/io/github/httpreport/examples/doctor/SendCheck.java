package io.github.httpreport.examples.doctor;

import io.github.httpreport.Destination;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.SendException;
import java.util.List;
import java.util.function.Supplier;

/** Sends one message as an application does. */
final class SendCheck {

  private static final String STEP = "send";

  private final Supplier<ProxySender> senders;

  SendCheck(Supplier<ProxySender> senders) {
    this.senders = senders;
  }

  Finding check(String subject, Destination destination, String message) {
    long start = System.nanoTime();
    try (ProxySender sender = senders.get()) {
      SendResult result =
          sender.send(List.of(message), destination.groupId(), destination.streamId());
      double millis = Text.millisSince(start);
      return acknowledged(subject, result, millis).with("millis", millis);
    } catch (SendException | IllegalArgumentException failure) {
      return Finding.failed(subject, STEP, Text.of(failure));
    }
  }

  private static Finding acknowledged(String subject, SendResult result, double millis) {
    int attempts = result.attempts().size();
    String detail = "acknowledged by " + result.node() + " after " + Text.millis(millis);
    Finding finding =
        attempts > 1
            ? Finding.warning(subject, STEP, detail + " and " + attempts + " attempts")
            : Finding.ok(subject, STEP, detail);
    return finding.with("node", String.valueOf(result.node())).with("attempts", attempts);
  }
}
