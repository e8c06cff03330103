package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testsupport.LogCapture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an application that ignores every future sees of messages that are lost. */
class HttpProxySenderLossTest {

  private static final String LOSS_LOG = "io.github.httpreport.internal.telemetry.LossLog";
  private static final String CLOSING = "io.github.httpreport.internal.ClosingReport";

  private final LogCapture losses = LogCapture.of(LOSS_LOG);
  private final LogCapture closing = LogCapture.of(CLOSING);

  @AfterEach
  void closeLogs() {
    losses.close();
    closing.close();
  }

  @Test
  void enqueue_managerUnreachable_warnsOfTheLoss() throws IOException {
    String manager = "http://" + unusedAddress();
    try (ProxySender sender = sender().manager(manager).retry(within(300)).build()) {
      enqueue(sender, 100);

      assertLoss(" failed", manager, "no connection to");
    }
    assertThat(lost()).isEqualTo(100);
    assertThat(closing.lines()).isEmpty();
  }

  @Test
  void enqueue_wrongCredentials_warnsOfTheLoss() {
    try (LocalCluster cluster = LocalCluster.builder().authentication("admin", "key").start();
        ProxySender sender =
            sender().manager(cluster.managerUrl()).credentials("admin", "wrong").build()) {
      enqueue(sender, 100);

      assertLoss(" failed", "AuthenticationException", cluster.managerUrl());
    }
    assertThat(lost()).isEqualTo(100);
  }

  @Test
  void enqueue_streamRejected_warnsOfTheLoss() {
    try (LocalCluster cluster = LocalCluster.start(1);
        ProxySender sender = sender().manager(cluster.managerUrl()).build()) {
      cluster.node(0).always(Fault.code("115", "Topic not configured"));
      enqueue(sender, 100);

      assertLoss(" failed", "RejectedException", "115", "Topic not configured");
    }
    assertThat(lost()).isEqualTo(100);
  }

  @Test
  void close_allNodesDown_warnsOfWhatIsAbandoned() throws IOException {
    String node = unusedAddress();
    LossCounts counts = new LossCounts();
    try (ProxySender sender = sender().nodes(node).metrics(counts).build()) {
      enqueue(sender, 100);
      await().until(() -> !counts.attempts.isEmpty());
      assertThat(sender.close(Duration.ofMillis(100)).abandoned()).isEqualTo(100);
    }

    assertThat(closing.lines()).hasSize(1);
    assertThat(closing.lines().get(0))
        .startsWith("WARN Sender ")
        .contains("100 messages", "none is in a spool", "100 for g/s (no connection to " + node);
    assertThat(losses.lines()).isEmpty();
    assertThat(counts.failed).containsOnly(Map.entry(new Destination("g", "s"), 100));
    assertThat(counts.causes).hasSize(1).allMatch(DeliveryTimeoutException.class::isInstance);
  }

  @Test
  void close_manyDestinationsAbandoned_namesTen() throws IOException {
    try (ProxySender sender = sender().nodes(unusedAddress()).build()) {
      for (int i = 0; i < 14; i++) {
        var unused = sender.enqueue("x", "g", "s" + i);
      }
      sender.close(Duration.ofMillis(50));
    }

    assertThat(closing.lines()).hasSize(1);
    assertThat(closing.lines().get(0)).contains("14 messages").endsWith("and 4 more destinations");
    assertThat(closing.lines().get(0).split(" for g/s", -1)).hasSize(11);
  }

  @Test
  void enqueue_bufferFullOrTooLarge_warnsOfTheLoss() throws IOException {
    LossCounts counts = new LossCounts();
    try (ProxySender sender =
        sender().nodes(unusedAddress()).buffer(10_000, WhenFull.fail()).metrics(counts).build()) {
      for (int i = 0; i < 20; i++) {
        var unused = sender.enqueue("x".repeat(1_000), "g", "s");
      }
      var unused = sender.sendAsync(List.of("y".repeat(40 << 20), "z"), "g", "large");

      assertLoss("BufferFullException", "g/s");
      assertLoss("2 failed; MessageTooLargeException", "g/large");
      sender.close(Duration.ofMillis(50));
    }
    assertThat(counts.failed)
        .containsOnly(Map.entry(new Destination("g", "s"), 20), Map.entry(large(), 2));
  }

  private static Destination large() {
    return new Destination("g", "large");
  }

  private static HttpProxySender.Builder sender() {
    return HttpProxySender.builder().closeTimeout(Duration.ofSeconds(5));
  }

  private static RetryPolicy within(long millis) {
    return RetryPolicy.builder().deadline(Duration.ofMillis(millis)).build();
  }

  private static void enqueue(ProxySender sender, int messages) {
    IntStream.range(0, messages).forEach(i -> sender.enqueue("m" + i, "g", "s"));
    sender.flush();
  }

  private void assertLoss(String... text) {
    await()
        .untilAsserted(
            () -> assertThat(losses.lines()).anySatisfy(line -> assertThat(line).contains(text)));
    assertThat(losses.lines()).allMatch(line -> line.startsWith("WARN Messages for g/"));
  }

  /** What all lines add up to. */
  private int lost() {
    Pattern count = Pattern.compile("(\\d+) failed");
    return losses.lines().stream()
        .flatMap(line -> count.matcher(line).results())
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .sum();
  }

  private static String unusedAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  private static final class LossCounts implements SenderMetrics {
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final Map<Destination, Integer> failed = new ConcurrentHashMap<>();
    private final Queue<RuntimeException> causes = new ConcurrentLinkedQueue<>();

    @Override
    public void attempted(Destination destination, Attempt attempt) {
      attempts.add(attempt);
    }

    @Override
    public void failed(Destination destination, int messages, RuntimeException cause) {
      failed.merge(destination, messages, Integer::sum);
      causes.add(cause);
    }
  }
}
