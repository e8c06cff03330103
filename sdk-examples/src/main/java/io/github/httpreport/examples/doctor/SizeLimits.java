package io.github.httpreport.examples.doctor;

import io.github.httpreport.Message;
import io.github.httpreport.protocol.WireProtocol;
import java.util.Locale;
import java.util.OptionalLong;

/** How large requests and messages may be. Asks no server: the node list told its limit. */
final class SizeLimits {

  private static final String STEP = "size limits";

  private final Target target;

  SizeLimits(Target target) {
    this.target = target;
  }

  Finding check(String subject, OptionalLong reported) {
    WireProtocol protocol = target.protocol();
    long request = protocol.maxRequestBytes(reported);
    String detail =
        number(request)
            + " bytes a request, encoded ("
            + (reported.isPresent() ? "from the Manager" : "the default, no server told another")
            + "); messages a request: "
            + number(protocol.maxBatchMessages());
    Finding finding =
        Finding.ok(subject, STEP, detail)
            .with("maxRequestBytes", request)
            .with("maxRequestMessages", protocol.maxBatchMessages());
    return target.message().map(body -> withMessage(finding, body, request)).orElse(finding);
  }

  /** The message of {@code --send}, so that one that is too large is named before it is sent. */
  private Finding withMessage(Finding limits, String body, long limit) {
    try {
      Message message = Message.of(body);
      target.protocol().validate(message);
      long size =
          target.protocol().overheadOf(target.destination()) + target.protocol().sizeOf(message);
      Finding sized = limits.with("messageRequestBytes", size);
      return size <= limit
          ? sized
          : Finding.failed(
              limits.subject(),
              STEP,
              "the message alone makes a request of "
                  + size
                  + " bytes, encoded; the server takes "
                  + limit);
    } catch (IllegalArgumentException unacceptable) {
      return Finding.failed(
          limits.subject(), "message", "the message's body 0 " + Text.of(unacceptable));
    }
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
