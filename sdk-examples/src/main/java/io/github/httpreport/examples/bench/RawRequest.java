package io.github.httpreport.examples.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.inlong.InLongProtocol;
import java.time.Instant;
import java.util.Collections;

/** Requests as the library would write them, made beforehand. */
final class RawRequest {

  private RawRequest() {}

  static byte[] of(Setup setup, String host) {
    byte[] body = form(setup);
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

  static byte[] form(Setup setup) {
    Message message = Message.of(setup.text().body().text());
    return InLongProtocol.builder()
        .encoding(setup.text().encoding())
        .build()
        .encode(
            new Destination(Reach.group(0), Reach.STREAM),
            Collections.nCopies(setup.batch(), message),
            Instant.now())
        .bytes();
  }
}
