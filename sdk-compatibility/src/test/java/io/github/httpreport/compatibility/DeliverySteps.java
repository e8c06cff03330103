package io.github.httpreport.compatibility;

import static io.github.httpreport.testsupport.ScriptedServer.ok;

import io.github.httpreport.CloseSummary;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.WhenFull;
import io.github.httpreport.ckafka.CkafkaCredentials;
import io.github.httpreport.ckafka.CkafkaProtocol;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.memphis.MemphisProtocol;
import io.github.httpreport.micrometer.MicrometerSenderMetrics;
import io.github.httpreport.spool.SpoolSettings;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalDataHub;
import io.github.httpreport.testkit.LocalEkuiper;
import io.github.httpreport.testkit.LocalMemphis;
import io.github.httpreport.testsupport.ScriptedServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Sends with every protocol, faults of servers, the disk and the meters; without TLS. */
final class DeliverySteps extends SmokeSteps {

  private static final long ENDLESS = 100_000_000;

  private final Path directory;

  DeliverySteps(Path directory) {
    this.directory = directory;
    step("send and sendAsync by way of a Manager", this::sends);
    step("enqueue, flush and the summary of close", this::enqueues);
    step("a connection that is reset: another node", this::reset);
    step("a rejected stream", this::rejected);
    step("no answer in time", this::noResponse);
    step("a refused connection", this::refused);
    step("an endless line in the head of an answer", () -> endless("and more and more"));
    step("endless lines in the head of an answer", () -> endless("x-more: and more\r\n"));
    step(
        "an endless folded line in the head of an answer", () -> endless("a: b\r\n continued\r\n"));
    step("a plain proxy", this::plainProxy);
    step("spool: kept without a node, delivered with one", this::spool);
    step("snapshots: a list of nodes without a Manager", this::snapshots);
    step("Micrometer", this::meters);
    step("eKuiper", this::ekuiper);
    step("Memphis", this::memphis);
    step("CKafka", this::ckafka);
  }

  private static LocalCluster cluster() {
    return LocalCluster.builder().nodes(2).topic("group", "stream").start();
  }

  private void sends() throws Exception {
    try (LocalCluster cluster = cluster()) {
      sendBothWays(builder().manager(cluster.managerUrl()));
      equal(cluster.storedCount(), 2);
    }
  }

  private void enqueues() throws Exception {
    try (LocalCluster cluster = cluster();
        HttpProxySender sender = builder().manager(cluster.managerUrl()).build()) {
      for (int i = 0; i < 500; i++) {
        sender.enqueue("message " + i, "group", "stream");
      }
      sender.flush().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      CloseSummary summary = sender.close(Duration.ofSeconds(PATIENCE_SECONDS));
      equal(summary.sent(), 500);
      equal(cluster.storedCount(), 500);
    }
  }

  private void reset() throws Exception {
    try (LocalCluster cluster = cluster()) {
      cluster.node(0).always(Fault.resetAfterRead());
      sendBothWays(builder().manager(cluster.managerUrl()));
      equal(cluster.storedCount(), 2);
    }
  }

  private void rejected() throws Exception {
    try (LocalCluster cluster = cluster()) {
      cluster.nodes().forEach(node -> node.always(Fault.code("115", "no such stream")));
      failsBothWays(builder().manager(cluster.managerUrl()), "115");
    }
  }

  private void noResponse() throws Exception {
    try (LocalCluster cluster = cluster()) {
      cluster.nodes().forEach(node -> node.always(Fault.noResponse()));
      failsBothWays(once().manager(cluster.managerUrl()), "within 300 ms");
    }
  }

  private static HttpProxySender.Builder once() {
    return builder()
        .requestTimeout(Duration.ofMillis(300))
        .retry(RetryPolicy.builder().maxAttempts(1).build());
  }

  private void refused() throws Exception {
    failsBothWays(builder().nodes("127.0.0.1:" + unusedPort()), "refused");
  }

  private static int unusedPort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void endless(String more) throws Exception {
    AtomicLong written = new AtomicLong();
    try (ScriptedServer server =
        ScriptedServer.start(
            c -> {
              c.readRequest();
              c.write("HTTP/1.1 200 OK\r\nx: ");
              written.addAndGet(c.writeUntilBroken(more.repeat(100), ENDLESS));
            })) {
      failsBothWays(
          builder()
              .nodes("127.0.0.1:" + server.port())
              .retry(RetryPolicy.builder().maxAttempts(1).build()),
          "was lost");
    }
    isTrue(written.get() < ENDLESS / 4, written + " bytes of a head were taken");
  }

  private void plainProxy() throws Exception {
    try (ScriptedServer proxy =
        ScriptedServer.start(
            ScriptedServer.responding(
                request -> {
                  contains(request, "POST http://node.invalid:46801/dataproxy/message");
                  return ok(TlsSteps.STORED);
                }))) {
      sendBothWays(builder().nodes("node.invalid:46801").proxy("127.0.0.1:" + proxy.port()));
    }
  }

  private void spool() throws Exception {
    SpoolSettings spool = SpoolSettings.in(directory.resolve("spool"));
    try (HttpProxySender sender =
        builder()
            .nodes("127.0.0.1:" + unusedPort())
            .spool(spool)
            .buffer(1 << 20, WhenFull.spill())
            .build()) {
      sender.enqueue("kept", "group", "stream");
      equal(sender.close(Duration.ofSeconds(2)).spooled(), 1);
    }
    try (LocalCluster cluster = cluster();
        HttpProxySender sender = builder().manager(cluster.managerUrl()).spool(spool).build()) {
      sender.flush().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      equal(sender.close(Duration.ofSeconds(PATIENCE_SECONDS)).spooled(), 0);
      equal(cluster.storedCount(), 1);
    }
  }

  private void snapshots() throws Exception {
    Path lists = directory.resolve("snapshots");
    try (LocalCluster cluster = cluster()) {
      String manager = cluster.managerUrl();
      sendBothWays(builder().manager(manager).snapshots(lists));
      try (Stream<Path> files = Files.list(lists)) {
        equal(files.count(), 1);
      }
      cluster.manager().stop();
      sendBothWays(builder().manager(manager).snapshots(lists));
      equal(cluster.storedCount(), 4);
    }
  }

  private void meters() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (LocalCluster cluster = cluster()) {
      sendBothWays(
          builder()
              .manager(cluster.managerUrl())
              .metrics(new MicrometerSenderMetrics(registry, "smoke")));
    }
    isTrue(!registry.getMeters().isEmpty(), "no meters");
    registry.close();
  }

  private void ekuiper() throws Exception {
    try (LocalEkuiper ekuiper = LocalEkuiper.start("/in")) {
      sendBothWays(builder().nodes(ekuiper.address()).protocol(EkuiperProtocol.post("/in")));
      equal(ekuiper.tuples().size(), 2);
    }
  }

  private void memphis() throws Exception {
    try (LocalMemphis memphis = LocalMemphis.start()) {
      memphis.user("user", "password");
      sendBothWays(
          builder()
              .nodes(memphis.address())
              .protocol(
                  MemphisProtocol.builder()
                      .station("station")
                      .user("user", () -> "password")
                      .build()));
      equal(memphis.storedCount(), 2);
    }
  }

  private void ckafka() throws Exception {
    try (LocalDataHub hub = LocalDataHub.start()) {
      CkafkaCredentials credentials = CkafkaCredentials.of(hub.secretId(), hub.secretKey());
      sendBothWays(
          builder()
              .nodes(hub.address())
              .protocol(
                  CkafkaProtocol.builder()
                      .dataHub("datahub-x")
                      .credentials(credentials)
                      .region("ap-guangzhou")
                      .build()));
      equal(hub.storedCount(), 2);
    }
  }
}
