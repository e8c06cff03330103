package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.WWWFormCodec;

/**
 * What the public documentation of HTTP reporting shows: one client for all, and for each call a
 * form encoded by its library, posted to a random node with {@code Connection: close}, and the
 * response read as JSON.
 */
final class DocumentedClient implements Contestant {

  /** Without a charset, which the server refuses. */
  static final ContentType FORM = ContentType.create("application/x-www-form-urlencoded");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<URI> nodes;
  private final List<String> bodies;
  private final CloseableHttpClient client = HttpClients.createDefault();

  DocumentedClient(Scenario scenario, List<String> nodes) {
    this.nodes = urls(nodes);
    bodies = scenario.bodies();
  }

  static List<URI> urls(List<String> nodes) {
    return nodes.stream().map(node -> URI.create("http://" + node + "/dataproxy/message")).toList();
  }

  @Override
  public int call(int thread) throws IOException {
    URI node = nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
    HttpPost post = new HttpPost(node);
    post.setHeader(HttpHeaders.CONNECTION, "close");
    post.setEntity(new StringEntity(form(), FORM));
    String body = client.execute(post, DocumentedClient::read);
    if (JSON.readTree(body).path("code").asInt(-1) != 0) {
      throw new IOException(node + " did not acknowledge a message: " + body);
    }
    return bodies.size();
  }

  private String form() {
    return WWWFormCodec.format(
        List.of(
            new BasicNameValuePair("groupId", Topology.group(0)),
            new BasicNameValuePair("streamId", Topology.STREAM),
            new BasicNameValuePair("dt", Long.toString(System.currentTimeMillis())),
            new BasicNameValuePair("body", String.join("\n", bodies)),
            new BasicNameValuePair("cnt", Integer.toString(bodies.size()))),
        UTF_8);
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
