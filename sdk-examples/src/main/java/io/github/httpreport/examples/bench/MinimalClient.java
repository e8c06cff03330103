package io.github.httpreport.examples.bench;

import java.io.IOException;
import java.net.URI;
import java.util.List;
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

/**
 * The least that httpclient5 can do without blocking: no execution chain, a form made beforehand,
 * one I/O thread, and each answer's callback sends the next request on it.
 */
final class MinimalClient extends Chains {

  private final List<URI> nodes;
  private final byte[] form;
  private final MinimalHttpAsyncClient client;

  MinimalClient(Setup setup, List<String> nodes) {
    super(setup);
    this.nodes = DocumentedClient.urls(nodes);
    form = new RawRequest(setup, "").form();
    client =
        HttpAsyncClients.createMinimal(
            H2Config.DEFAULT,
            Http1Config.DEFAULT,
            IOReactorConfig.custom().setIoThreadCount(1).setTcpNoDelay(true).build(),
            PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(setup.width())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .build());
    client.start();
  }

  @Override
  Chain chain(int number, int length) {
    return new Posts(nodes.get(number % nodes.size()), length);
  }

  @Override
  public void close() {
    client.close(CloseMode.GRACEFUL);
  }

  private final class Posts extends Chain implements FutureCallback<SimpleHttpResponse> {

    private final URI node;

    Posts(URI node, int length) {
      super(length);
      this.node = node;
    }

    @Override
    void send() {
      client.execute(
          SimpleRequestBuilder.post(node).setBody(form, DocumentedClient.FORM).build(), this);
    }

    @Override
    public void completed(SimpleHttpResponse response) {
      ended(response.getCode() == 200 ? null : new IOException("status " + response.getCode()));
    }

    @Override
    public void failed(Exception cause) {
      ended(cause);
    }

    @Override
    public void cancelled() {
      ended(new IOException("cancelled"));
    }
  }
}
