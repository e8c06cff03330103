package io.github.httpreport.faults;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.testsupport.ScriptedConnection;
import io.github.httpreport.testsupport.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A Manager that follows a script, for a good node. */
final class ManagerFaultScenario implements FaultScenario {

  private static final Duration REFRESH = Duration.ofMillis(100);

  private final ScriptedFaultScenario node =
      ScriptedFaultScenario.node(ScriptedFaultScenario::serve);
  private final ScriptedServer.Script bad;
  private final ScriptedServer manager = ScriptedServer.start(this::response);
  private final boolean later;
  private volatile boolean good;
  private boolean throughProxy;
  private Runnable check = () -> {};

  private ManagerFaultScenario(ScriptedServer.Script bad, boolean goodAtFirst) {
    this.bad = bad;
    later = goodAtFirst;
    good = goodAtFirst;
  }

  private void response(ScriptedConnection connection) throws IOException {
    while (good) {
      connection.readRequest();
      connection.write(ScriptedServer.ok(list()));
    }
    bad.run(connection);
  }

  /** One that does this on every connection. */
  static ManagerFaultScenario always(ScriptedServer.Script script) {
    return new ManagerFaultScenario(script, false);
  }

  /** One that gives a good list first. */
  static ManagerFaultScenario later(ScriptedServer.Script script) {
    return new ManagerFaultScenario(script, true);
  }

  /** The same, met by way of a proxy. */
  ManagerFaultScenario throughProxy() {
    throughProxy = true;
    return this;
  }

  ManagerFaultScenario checking(Runnable value) {
    check = value;
    return this;
  }

  private String list() {
    String address = node.address();
    int colon = address.indexOf(':');
    return "{\"success\":true,\"errMsg\":null,\"data\":{\"nodeList\":[{\"id\":1,\"ip\":\""
        + (address.substring(0, colon) + "\",\"port\":" + address.substring(colon + 1))
        + ",\"protocolType\":\"HTTP\",\"nodeLoad\":65535}]}}";
  }

  @Override
  public void show(HttpProxySender.Builder builder) {
    String address = "127.0.0.1:" + manager.port();
    if (throughProxy) {
      builder.proxy("http://" + address);
    }
    builder.nodeSource(
        InLongManager.builder("http://" + (throughProxy ? "manager.invalid:8083" : address))
            .credentials(Canary.SECRET_ID, Canary.SECRET_KEY)
            .refreshInterval(REFRESH)
            .build());
  }

  @Override
  public void stage(Traffic traffic) {
    if (good) {
      traffic.wave();
      traffic.awaitCompleted();
      good = false;
    }
  }

  @Override
  public void play(Traffic traffic) {
    // The script comes to its turn with the second, and has come to its end with the third. It may
    // close without reading a request.
    int requests = manager.requests().size();
    int connections = manager.connectionCount();
    traffic.wavesUntil(
        () ->
            !later
                || manager.requests().size() >= requests + 3
                || manager.connectionCount() >= connections + 3);
  }

  @Override
  public boolean isMet() {
    return manager.connectionCount() > 0;
  }

  @Override
  public void check() {
    check.run();
  }

  @Override
  public List<String> stored() {
    return node.stored();
  }

  @Override
  public long openConnections() {
    return node.openConnections() + manager.openConnections();
  }

  @Override
  public void close() {
    manager.close();
    node.close();
  }
}
