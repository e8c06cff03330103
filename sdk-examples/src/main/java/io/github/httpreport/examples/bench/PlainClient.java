package io.github.httpreport.examples.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;

/**
 * What one writes without a library: for each message a POST to a random node, which closes the
 * connection. One thread.
 */
final class PlainClient implements Contestant {

  static final String NAME = "plain";

  /** Without a charset, which the server refuses. */
  private static final ContentType FORM = ContentType.create("application/x-www-form-urlencoded");

  private final List<URI> nodes;
  private final String body;
  private final CloseableHttpClient client = HttpClients.createDefault();

  PlainClient(List<String> nodes, String body) {
    this.nodes =
        nodes.stream().map(node -> URI.create("http://" + node + "/dataproxy/message")).toList();
    this.body = body;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public long report(BooleanSupplier goOn) throws IOException {
    long acknowledged = 0;
    do {
      post();
      acknowledged++;
    } while (goOn.getAsBoolean());
    return acknowledged;
  }

  private void post() throws IOException {
    URI node = nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
    HttpPost post = new HttpPost(node);
    post.setHeader(HttpHeaders.CONNECTION, "close");
    post.setEntity(new StringEntity(form(), FORM));
    String answer = client.execute(post, PlainClient::read);
    if (!answer.contains("\"code\":\"0\"")) {
      throw new IOException(node + " did not acknowledge a message: " + answer);
    }
  }

  private String form() {
    return "groupId="
        + URLEncoder.encode(Topic.GROUP, UTF_8)
        + "&streamId="
        + URLEncoder.encode(Topic.STREAM, UTF_8)
        + "&dt="
        + System.currentTimeMillis()
        + "&body="
        + URLEncoder.encode(body, UTF_8)
        + "&cnt=1";
  }

  private static String read(ClassicHttpResponse response) throws IOException, HttpException {
    String text = EntityUtils.toString(response.getEntity(), UTF_8);
    return response.getCode() == 200 ? text : "status " + response.getCode() + ' ' + text;
  }

  @Override
  public void close() {
    client.close(CloseMode.GRACEFUL);
  }
}
