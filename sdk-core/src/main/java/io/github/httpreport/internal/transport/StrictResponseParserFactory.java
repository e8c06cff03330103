package io.github.httpreport.internal.transport;

import java.io.IOException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.nio.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.nio.NHttpMessageParser;
import org.apache.hc.core5.http.nio.NHttpMessageParserFactory;
import org.apache.hc.core5.http.nio.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the head of an answer that ends with the connection instead of an empty line, of which
 * the parser of httpcore would make an answer without a body, and one that is too long. The bounds
 * of that parser are not the same in all of its versions, so the bytes are counted here.
 */
final class StrictResponseParserFactory implements NHttpMessageParserFactory<HttpResponse> {

  private final NHttpMessageParserFactory<HttpResponse> parsers;

  StrictResponseParserFactory(Http1Config config) {
    parsers = new DefaultHttpResponseParserFactory(config);
  }

  @Override
  public NHttpMessageParser<HttpResponse> create() {
    return new WholeHeadParser(parsers.create());
  }

  /** Counts from the end of one head to the end of the next one. For one connection. */
  private static final class WholeHeadParser implements NHttpMessageParser<HttpResponse> {

    private final NHttpMessageParser<HttpResponse> parser;
    private int parsed;

    WholeHeadParser(NHttpMessageParser<HttpResponse> parser) {
      this.parser = parser;
    }

    @Override
    public void reset() {
      parsed = 0;
      parser.reset();
    }

    @Override
    public @Nullable HttpResponse parse(SessionInputBuffer buffer, boolean endOfStream)
        throws IOException, HttpException {
      int before = buffer.length();
      HttpResponse head = parser.parse(buffer, endOfStream);
      parsed += before - buffer.length();
      // Without a head, what the parser left in the buffer is a part of a line of it.
      int length = head == null ? parsed + buffer.length() : parsed;
      if (length > TransportSettings.MAX_HEAD) {
        throw new MessageConstraintException("The head of an answer is too long");
      }
      if (head != null && endOfStream) {
        throw new ConnectionClosedException("Connection closed within the head of an answer");
      }
      return head;
    }
  }
}
