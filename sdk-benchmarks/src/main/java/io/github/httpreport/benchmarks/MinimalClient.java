package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.async.MinimalHttpAsyncClient;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.jspecify.annotations.Nullable;

/**
 * The least that httpclient5 can do without blocking: no execution chain, a form made beforehand,
 * one I/O thread, which tells of the answer itself.
 */
final class MinimalClient implements AutoCloseable {

  private final List<URI> nodes;
  private final byte[] form;
  private final MinimalHttpAsyncClient client;

  MinimalClient(Scenario scenario, List<String> nodes) {
    this.nodes = DocumentedClient.urls(nodes);
    form = new RawRequest(scenario, "").form();
    client =
        HttpAsyncClients.createMinimal(
            H2Config.DEFAULT,
            Http1Config.DEFAULT,
            IOReactorConfig.custom().setIoThreadCount(1).setTcpNoDelay(true).build(),
            PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(scenario.width())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .build());
    client.start();
  }

  void post(int number, FutureCallback<SimpleHttpResponse> end) {
    URI node = nodes.get(number % nodes.size());
    client.execute(
        SimpleRequestBuilder.post(node).setBody(form, DocumentedClient.FORM).build(), end);
  }

  @Override
  public void close() {
    client.close(CloseMode.GRACEFUL);
  }

  /** Says of each request whether it failed. */
  record End(Consumer<@Nullable Throwable> callback) implements FutureCallback<SimpleHttpResponse> {

    @Override
    public void completed(SimpleHttpResponse response) {
      callback.accept(
          response.getCode() == 200 ? null : new IOException("status " + response.getCode()));
    }

    @Override
    public void failed(Exception cause) {
      callback.accept(cause);
    }

    @Override
    public void cancelled() {
      callback.accept(new IOException("cancelled"));
    }
  }
}
