package io.github.httpreport.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.testkit.LocalEkuiper;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Servers of eKuiper with the same stream, which takes objects that hold a line each. */
final class EkuiperServers implements DemoServers {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PATH = "/lines";
  private static final String FIELD = "line";

  private final List<LocalEkuiper> servers = new ArrayList<>();

  EkuiperServers(int count, Listener listener) {
    for (int i = 0; i < count; i++) {
      servers.add(start(listener));
    }
  }

  private static LocalEkuiper start(Listener listener) {
    CompletableFuture<String> address = new CompletableFuture<>();
    LocalEkuiper server =
        LocalEkuiper.builder()
            .post(PATH)
            .onTuple(tuple -> listener.stored(address.join(), lineOf(tuple.json())))
            .start();
    address.complete(server.address());
    return server;
  }

  private static String lineOf(String json) {
    try {
      return JSON.readTree(json).path(FIELD).asText();
    } catch (JsonProcessingException notOurs) {
      return json;
    }
  }

  @Override
  public String bodyOf(String line) {
    return JSON.createObjectNode().put(FIELD, line).toString();
  }

  @Override
  public HttpProxySender.Builder applyTo(HttpProxySender.Builder sender) {
    return sender.protocol(EkuiperProtocol.post(PATH)).nodes(addresses().toArray(String[]::new));
  }

  @Override
  public List<String> addresses() {
    return servers.stream().map(LocalEkuiper::address).toList();
  }

  @Override
  public void stop(int index) {
    servers.get(index).stop();
  }

  @Override
  public void close() {
    servers.forEach(LocalEkuiper::close);
  }
}
