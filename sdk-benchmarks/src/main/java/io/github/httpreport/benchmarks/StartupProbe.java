package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** Sends one message in a process of its own and writes how many nanoseconds that took. */
final class StartupProbe {

  private StartupProbe() {}

  /**
   * Sends a message to a node that the Manager lists.
   *
   * @param args by which kind of client, and the Manager's URL
   * @throws IOException if the message was not acknowledged
   */
  public static void main(String[] args) throws IOException {
    long start = System.nanoTime();
    PrintStream output = System.out;
    // What is logged must not stand before the output.
    System.setOut(System.err);
    if (MessageKind.valueOf(args[0]) == MessageKind.SEND) {
      try (ProxySender sender = HttpProxySender.builder().manager(args[1]).build()) {
        sender.send(List.of(Body.ASCII.text()), Topology.group(0), Topology.STREAM);
        output.println(System.nanoTime() - start);
      }
    } else {
      List<String> nodes = askManager(args[1]);
      try (DocumentedClient client = new DocumentedClient(Suite.DOCUMENTED_1, nodes)) {
        client.call(0);
        output.println(System.nanoTime() - start);
      }
    }
  }

  private static List<String> askManager(String url) throws IOException {
    HttpPost post =
        new HttpPost(url + "/inlong/manager/openapi/dataproxy/getIpList/" + Topology.group(0));
    post.setEntity(new StringEntity("protocolType=HTTP", ContentType.APPLICATION_FORM_URLENCODED));
    try (CloseableHttpClient client = HttpClients.createDefault()) {
      String text =
          client.execute(post, response -> EntityUtils.toString(response.getEntity(), UTF_8));
      List<String> nodes = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(text).path("data").path("nodeList")) {
        nodes.add(node.path("ip").asText() + ':' + node.path("port").asInt());
      }
      return nodes;
    }
  }
}
