package io.github.httpreport.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * Puts an exchange into httpclient5's chain, which takes it apart into a producer and a consumer.
 */
final class ChainAdapter implements AsyncRequestProducer, AsyncResponseConsumer<Boolean> {

  private final HttpExchange exchange;
  private volatile @Nullable FutureCallback<Boolean> end;

  ChainAdapter(HttpExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public void sendRequest(RequestChannel channel, HttpContext context)
      throws HttpException, IOException {
    exchange.produceRequest(channel, context);
  }

  @Override
  public boolean isRepeatable() {
    return false;
  }

  @Override
  public int available() {
    return exchange.available();
  }

  @Override
  public void produce(DataStreamChannel channel) throws IOException {
    exchange.produce(channel);
  }

  @Override
  public void consumeResponse(
      HttpResponse response,
      @Nullable EntityDetails entity,
      HttpContext context,
      FutureCallback<Boolean> callback) {
    end = callback;
    if (isRefusedTunnel(context)) {
      exchange.failed(new IOException("the proxy answered " + response.getCode()));
      return;
    }
    exchange.consumeResponse(response, entity, context);
    if (entity == null) {
      callback.completed(true);
    }
  }

  /** The chain passes on what a proxy says to a CONNECT as if the node had said it. */
  private static boolean isRefusedTunnel(HttpContext context) {
    HttpRequest answered = HttpCoreContext.cast(context).getRequest();
    return answered != null && Method.CONNECT.isSame(answered.getMethod());
  }

  @Override
  public void informationResponse(HttpResponse interim, HttpContext context) {
    exchange.consumeInformation(interim, context);
  }

  @Override
  public void updateCapacity(CapacityChannel channel) throws IOException {
    exchange.updateCapacity(channel);
  }

  @Override
  public void consume(ByteBuffer source) {
    exchange.consume(source);
  }

  @Override
  public void streamEnd(@Nullable List<? extends Header> trailers) {
    exchange.streamEnd(trailers);
    FutureCallback<Boolean> callback = end;
    if (callback != null) {
      callback.completed(true);
    }
  }

  @Override
  public void failed(Exception cause) {
    exchange.failed(cause);
  }

  @Override
  public void releaseResources() {
    // The chain releases its own when the exchange has told its outcome.
  }
}
