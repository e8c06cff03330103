package io.github.httpreport.internal;

import java.io.IOException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.nio.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.nio.NHttpMessageParser;
import org.apache.hc.core5.http.nio.NHttpMessageParserFactory;
import org.apache.hc.core5.http.nio.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the head of an answer that ends with the connection instead of an empty line. The parser
 * of httpclient5 would make an answer without a body of it.
 */
final class WholeHeadParserFactory implements NHttpMessageParserFactory<HttpResponse> {

  private final NHttpMessageParserFactory<HttpResponse> parsers;

  WholeHeadParserFactory(Http1Config config) {
    parsers = new DefaultHttpResponseParserFactory(config);
  }

  @Override
  public NHttpMessageParser<HttpResponse> create() {
    NHttpMessageParser<HttpResponse> parser = parsers.create();
    return new NHttpMessageParser<>() {

      @Override
      public void reset() {
        parser.reset();
      }

      @Override
      public @Nullable HttpResponse parse(SessionInputBuffer buffer, boolean endOfStream)
          throws IOException, HttpException {
        HttpResponse head = parser.parse(buffer, endOfStream);
        if (head != null && endOfStream) {
          throw new ConnectionClosedException("Connection closed within the head of an answer");
        }
        return head;
      }
    };
  }
}
