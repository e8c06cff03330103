package io.github.httpreport.faults;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.testsupport.ScriptedConnection;
import io.github.httpreport.testsupport.ScriptedServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Nodes that do on each connection what a script says. */
final class ScriptedFaultScenario implements FaultScenario {

  static final String OK = ScriptedServer.ok("{\"code\":\"0\",\"msg\":\"Ok\"}");

  /** What a node does on one connection. */
  @FunctionalInterface
  interface NodeScript {
    void play(ScriptedConnection connection, StoredMessages store) throws IOException;
  }

  private final StoredMessages store = new StoredMessages();
  private final List<ScriptedServer> servers = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();
  private final List<AutoCloseable> resources = new ArrayList<>();
  private Optional<String> behindProxy = Optional.empty();
  private Consumer<Traffic> begin = Traffic::wave;
  private Consumer<Traffic> goOn = traffic -> {};
  private Runnable check = () -> {};
  private Optional<SenderMetrics> metrics = Optional.empty();

  /** One node whose n-th connection meets the n-th script, and all that follow the last one. */
  static ScriptedFaultScenario node(NodeScript... scripts) {
    return new ScriptedFaultScenario().and(scripts);
  }

  /** Nobody yet. */
  static ScriptedFaultScenario empty() {
    return new ScriptedFaultScenario();
  }

  /** One more node. */
  ScriptedFaultScenario and(NodeScript... scripts) {
    ScriptedServer server =
        ScriptedServer.start(
            Stream.of(scripts)
                .map(script -> (ScriptedServer.Script) c -> script.play(c, store))
                .toArray(ScriptedServer.Script[]::new));
    servers.add(server);
    return andNobodyAt("127.0.0.1:" + server.port());
  }

  /** One more address, behind which the scene has no server. */
  ScriptedFaultScenario andNobodyAt(String address) {
    addresses.add(address);
    return this;
  }

  /** Makes the first address that of a proxy, which is asked for a node of this address. */
  ScriptedFaultScenario asProxyFor(String node) {
    behindProxy = Optional.of(node);
    return this;
  }

  /** Sends this instead of one wave. */
  ScriptedFaultScenario sending(Consumer<Traffic> value) {
    begin = value;
    return this;
  }

  /** Does this after that. */
  ScriptedFaultScenario then(Consumer<Traffic> value) {
    goOn = value;
    return this;
  }

  /** Tells these of everything, instead of the row's. */
  ScriptedFaultScenario counting(SenderMetrics value) {
    metrics = Optional.of(value);
    return this;
  }

  ScriptedFaultScenario checking(Runnable value) {
    check = value;
    return this;
  }

  /** The first one of them. */
  String address() {
    return addresses.get(0);
  }

  /** To be closed with the scene. */
  ScriptedFaultScenario owning(AutoCloseable resource) {
    resources.add(resource);
    return this;
  }

  /** Takes reports, as many as come, and says so. */
  static void serve(ScriptedConnection connection, StoredMessages store) throws IOException {
    while (true) {
      store.keep(connection.readRequest());
      connection.write(OK);
    }
  }

  @Override
  public void show(HttpProxySender.Builder builder) {
    metrics.ifPresent(builder::metrics);
    if (behindProxy.isPresent()) {
      builder.nodes(behindProxy.get()).proxy("http://" + address());
    } else {
      builder.nodes(addresses.toArray(String[]::new));
    }
  }

  @Override
  public void begin(Traffic traffic) {
    begin.accept(traffic);
  }

  @Override
  public void play(Traffic traffic) {
    begin(traffic);
    goOn.accept(traffic);
  }

  @Override
  public boolean isMet() {
    return servers.isEmpty() || servers.stream().anyMatch(s -> s.connectionCount() > 0);
  }

  @Override
  public void check() {
    check.run();
  }

  @Override
  public List<String> stored() {
    return store.messages();
  }

  @Override
  public long openConnections() {
    return servers.stream().mapToLong(ScriptedServer::openConnections).sum();
  }

  @Override
  public void close() {
    closeAll(resources);
    servers.forEach(ScriptedServer::close);
  }

  static void closeAll(List<AutoCloseable> resources) {
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new AssertionError("a scene did not end", e);
      }
    }
  }
}
