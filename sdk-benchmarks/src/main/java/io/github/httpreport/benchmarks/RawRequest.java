package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.inlong.InLongProtocol;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/** Writes requests as the library would write them. */
final class RawRequest {

  private final String host;
  private final InLongProtocol protocol;
  private final List<Message> messages;

  RawRequest(Scenario scenario, String host) {
    this.host = host;
    protocol = InLongProtocol.builder().encoding(scenario.text().encoding()).build();
    messages = Collections.nCopies(scenario.batch(), Message.of(scenario.text().body().text()));
  }

  byte[] bytes() {
    byte[] body = form();
    byte[] head =
        ("POST /dataproxy/message HTTP/1.1\r\nHost: "
                + host
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(US_ASCII);
    byte[] request = new byte[head.length + body.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    return request;
  }

  byte[] form() {
    Destination destination = new Destination(Topology.group(0), Topology.STREAM);
    return protocol.encode(destination, messages, Instant.now()).bytes();
  }
}
