package io.github.httpreport.examples.bench;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.async.MinimalHttpAsyncClient;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.jspecify.annotations.Nullable;

/**
 * The least that httpclient5 can do without blocking: no execution chain, a form made beforehand,
 * one I/O thread, and each answer's callback sends the next request on it.
 */
final class MinimalClient implements Contestant {

  /** How many requests a call stands for. */
  private static final int REQUESTS = 2000;

  private static final ContentType FORM = ContentType.create("application/x-www-form-urlencoded");

  private final int inFlight;
  private final int batch;
  private final List<URI> nodes;
  private final byte[] form;
  private final Semaphore ended = new Semaphore(0);
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final MinimalHttpAsyncClient client;

  MinimalClient(Setup setup, List<String> nodes) {
    inFlight = setup.width();
    batch = setup.batch();
    this.nodes =
        nodes.stream().map(node -> URI.create("http://" + node + "/dataproxy/message")).toList();
    form = new RawRequest(setup, "").form();
    client =
        HttpAsyncClients.createMinimal(
            H2Config.DEFAULT,
            Http1Config.DEFAULT,
            IOReactorConfig.custom().setIoThreadCount(1).setTcpNoDelay(true).build(),
            PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(inFlight)
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .build());
    client.start();
  }

  @Override
  public int call(int thread) throws IOException {
    int each = REQUESTS / inFlight;
    for (int i = 0; i < inFlight; i++) {
      new Chain(nodes.get(i % nodes.size()), each).next();
    }
    ended.acquireUninterruptibly(inFlight);
    Exception cause = failure.get();
    if (cause != null) {
      throw new IOException("the minimal client failed: " + cause, cause);
    }
    return each * inFlight * batch;
  }

  @Override
  public void close() {
    client.close(CloseMode.GRACEFUL);
  }

  /** Requests that follow each other. */
  private final class Chain implements FutureCallback<SimpleHttpResponse> {

    private final URI node;
    private int left;

    Chain(URI node, int length) {
      this.node = node;
      left = length;
    }

    void next() {
      left--;
      client.execute(SimpleRequestBuilder.post(node).setBody(form, FORM).build(), this);
    }

    @Override
    public void completed(SimpleHttpResponse response) {
      if (response.getCode() != 200) {
        failed(new IOException("status " + response.getCode()));
      } else if (left > 0) {
        next();
      } else {
        ended.release();
      }
    }

    @Override
    public void failed(Exception cause) {
      failure.compareAndSet(null, cause);
      ended.release();
    }

    @Override
    public void cancelled() {
      failed(new IOException("cancelled"));
    }
  }
}
