package io.github.httpreport.examples.cli;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ckafka.CkafkaCredentials;
import io.github.httpreport.ckafka.CkafkaProtocol;
import io.github.httpreport.testkit.LocalDataHub;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Access points of Tencent's API that take the same key. */
final class CkafkaServers implements DemoServers {

  private final List<LocalDataHub> servers = new ArrayList<>();

  CkafkaServers(int count, Listener listener) {
    for (int i = 0; i < count; i++) {
      servers.add(start(listener));
    }
  }

  private static LocalDataHub start(Listener listener) {
    CompletableFuture<String> address = new CompletableFuture<>();
    LocalDataHub server =
        LocalDataHub.builder()
            .onStored(message -> listener.stored(address.join(), message.body()))
            .start();
    address.complete(server.address());
    return server;
  }

  @Override
  public HttpProxySender.Builder applyTo(HttpProxySender.Builder sender) {
    LocalDataHub first = servers.get(0);
    CkafkaCredentials credentials = CkafkaCredentials.of(first.secretId(), first.secretKey());
    return sender
        .protocol(CkafkaProtocol.dataHub("datahub-demo", credentials))
        .nodes(addresses().toArray(String[]::new));
  }

  @Override
  public List<String> addresses() {
    return servers.stream().map(LocalDataHub::address).toList();
  }

  @Override
  public void stop(int index) {
    servers.get(index).stop();
  }

  @Override
  public void close() {
    servers.forEach(LocalDataHub::close);
  }
}
