package io.github.httpreport.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.classic.MinimalHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;

/**
 * The least that httpclient5 can do on the caller's thread: no execution chain, a form made
 * beforehand, connections that stay open.
 */
final class MinimalBlockingClient implements Contestant {

  private static final int OK = 200;

  private final List<URI> nodes;
  private final byte[] form;
  private final int messages;
  private final MinimalHttpClient client;

  MinimalBlockingClient(Scenario scenario, List<String> nodes) {
    this.nodes = DocumentedClient.urls(nodes);
    form = new RawRequest(scenario, "").form();
    messages = scenario.batch();
    client =
        HttpClients.createMinimal(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(scenario.width())
                .setMaxConnTotal(scenario.width() * nodes.size())
                .build());
  }

  @Override
  public int call(int thread) throws IOException {
    HttpPost post = new HttpPost(nodes.get(thread % nodes.size()));
    post.setEntity(new ByteArrayEntity(form, DocumentedClient.FORM));
    int status =
        client.execute(
            post,
            response -> {
              EntityUtils.consume(response.getEntity());
              return response.getCode();
            });
    if (status != OK) {
      throw new IOException("status " + status);
    }
    return messages;
  }

  @Override
  public void close() {
    client.close(CloseMode.GRACEFUL);
  }
}
