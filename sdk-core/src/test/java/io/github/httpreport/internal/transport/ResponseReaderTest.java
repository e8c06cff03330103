package io.github.httpreport.internal.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.hc.core5.http.HttpException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which responses are early, and where a connection may go on; on bytes that come in parts. */
class ResponseReaderTest {

  private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\n\r\n";
  private static final String SUCCESS = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx: y\r\n\r\n";

  private final Parts wire = new Parts();
  private final ResponseReader reader = new ResponseReader(wire);

  @BeforeEach
  void beginTurn() {
    reader.begin("POST", 100);
    reader.beginTurn(false);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void response_interimOneComesAfterTheRequestBroke_theFinalOneIsEarly(boolean together)
      throws IOException, HttpException {
    wire.parts.addAll(together ? List.of(INTERIM + SUCCESS) : List.of(INTERIM, "", SUCCESS));
    reader.markEarly();

    Response response = readAll();

    assertThat(response.text()).isEqualTo("ok");
    assertThat(response.early()).isTrue();
    assertThat(reader.isReusable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {SUCCESS, CHUNKED, INTERIM + SUCCESS, INTERIM + CHUNKED})
  void response_cutAnywhere_isTheSameAndTheConnectionGoesOn(String text)
      throws IOException, HttpException {
    for (int cut = 1; cut < text.length(); cut++) {
      beginTurn();
      wire.parts.addAll(List.of(text.substring(0, cut), "", text.substring(cut)));

      Response response = readAll();

      assertThat(response.text()).as("cut at " + cut).isEqualTo("ok");
      assertThat(response.early()).as("cut at " + cut).isFalse();
      assertThat(reader.isReusable()).as("cut at " + cut).isTrue();
    }
  }

  private Response readAll() throws IOException, HttpException {
    while (!reader.readHead() || !reader.readBody()) {
      assertThat(wire.parts).as("nothing is waited for without end").isNotEmpty();
    }
    return reader.response(false);
  }

  /** A wire that brings one part a read; nothing is there where a part is empty. */
  private static final class Parts implements Wire {
    private final Deque<String> parts = new ArrayDeque<>();

    @Override
    public int read(ByteBuffer target) {
      String next = parts.isEmpty() ? "" : parts.remove();
      target.put(next.getBytes(US_ASCII));
      return next.length();
    }

    @Override
    public int write(ByteBuffer source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean flush() {
      return true;
    }
  }
}
