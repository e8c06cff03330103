package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Asks a proxy for a tunnel to a node. Whatever else it says than yes, the tunnel is refused. */
final class ConnectTunnel implements AsyncClientExchangeHandler {

  private final String node;
  private final FutureCallback<Boolean> end;
  private final AtomicBoolean over = new AtomicBoolean();

  ConnectTunnel(Origin node, FutureCallback<Boolean> end) {
    this.node = node.authority();
    this.end = end;
  }

  @Override
  public void produceRequest(RequestChannel channel, HttpContext context)
      throws HttpException, IOException {
    BasicHttpRequest request = new BasicHttpRequest(Method.CONNECT.name(), null, null, node);
    request.setVersion(HttpVersion.HTTP_1_1);
    request.addHeader(HttpHeaders.HOST, node);
    channel.sendRequest(request, null, context);
  }

  @Override
  public int available() {
    return 0;
  }

  @Override
  public void produce(DataStreamChannel channel) {
    // A CONNECT has no body.
  }

  @Override
  public void consumeInformation(HttpResponse interim, HttpContext context) {
    // Neither yes nor no.
  }

  @Override
  public void consumeResponse(
      HttpResponse response, @Nullable EntityDetails entity, HttpContext context) {
    if (response.getCode() != 200 || entity != null) {
      failed(new IOException("the proxy answered " + response.getCode()));
    } else if (over.compareAndSet(false, true)) {
      end.completed(true);
    }
  }

  @Override
  public void updateCapacity(CapacityChannel channel) throws IOException {
    channel.update(Integer.MAX_VALUE);
  }

  @Override
  public void consume(ByteBuffer source) {
    source.position(source.limit());
  }

  @Override
  public void streamEnd(@Nullable List<? extends Header> trailers) {
    // What a refusal goes on to say is of no interest.
  }

  @Override
  public void failed(Exception cause) {
    if (over.compareAndSet(false, true)) {
      end.failed(cause);
    }
  }

  @Override
  public void cancel() {
    failed(new IOException("cancelled"));
  }

  @Override
  public void releaseResources() {
    failed(new IOException("closed"));
  }
}
