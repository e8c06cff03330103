package io.github.httpreport.examples.cli;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.memphis.MemphisProtocol;
import io.github.httpreport.testkit.LocalMemphis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Gateways of Memphis, each of which knows the same user. */
final class MemphisServers implements DemoServers {

  private static final String USER = "demo";
  private static final String PASSWORD = "demo-password";

  private final List<LocalMemphis> gateways = new ArrayList<>();

  MemphisServers(int count, Listener listener) {
    for (int i = 0; i < count; i++) {
      gateways.add(start(listener));
    }
  }

  private static LocalMemphis start(Listener listener) {
    CompletableFuture<String> address = new CompletableFuture<>();
    LocalMemphis gateway =
        LocalMemphis.builder()
            .onStored(message -> listener.stored(address.join(), message.body()))
            .start();
    gateway.user(USER, PASSWORD);
    address.complete(gateway.address());
    return gateway;
  }

  @Override
  public HttpProxySender.Builder applyTo(HttpProxySender.Builder sender) {
    return sender
        .protocol(MemphisProtocol.builder().station("lines").user(USER, () -> PASSWORD).build())
        .nodes(addresses().toArray(String[]::new));
  }

  @Override
  public List<String> addresses() {
    return gateways.stream().map(LocalMemphis::address).toList();
  }

  @Override
  public void stop(int index) {
    gateways.get(index).stop();
  }

  @Override
  public void close() {
    gateways.forEach(LocalMemphis::close);
  }
}
