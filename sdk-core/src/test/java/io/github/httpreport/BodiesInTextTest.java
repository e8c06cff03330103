package io.github.httpreport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.spool.store.SpoolEntry;
import io.github.httpreport.protocol.Payload;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BodiesInTextTest {

  private static final String BODY = "canary body";
  private static final Destination DESTINATION = new Destination("group", "stream");

  @Test
  void toString_ofWhatHoldsABody_showsItsSizeOnly() {
    byte[] bytes = BODY.getBytes(UTF_8);
    int[] ends = {bytes.length};
    Request request =
        Request.post(new Origin(false, "node", 1), "/path")
            .header("x-secret", "canary header")
            .body(bytes, "text/plain")
            .build();

    assertThat(Message.of(BODY)).hasToString("Message[11 characters]");
    assertThat(request).hasToString("POST http://node:1/path (11 bytes)");
    assertThat(Response.status(200).body(bytes).build()).hasToString("HTTP 200 (11 bytes)");
    assertThat(new Payload(DESTINATION, bytes, 0, ends))
        .hasToString("Payload[group/stream, 1 messages, 11 bytes]");
    assertThat(new SpoolEntry(DESTINATION, Instant.EPOCH, bytes, 0, ends))
        .hasToString("SpoolEntry[group/stream, 1 messages, 11 bytes]");
  }
}
