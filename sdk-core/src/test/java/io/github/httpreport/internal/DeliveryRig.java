package io.github.httpreport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Attempt;
import io.github.httpreport.Attempt.Outcome;
import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.error.SendException;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.WireProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;

/** A line on virtual time and a transport that a test scripts. Settings count until first used. */
final class DeliveryRig implements AutoCloseable {

  static final Duration AWHILE = Duration.ofSeconds(20);
  static final Destination DESTINATION = new Destination("group", "stream");

  final ManualTimer timer = new ManualTimer();
  final FakeTransport transport = new FakeTransport(timer);
  final FakeNodeSource source = new FakeNodeSource();
  final List<Attempt> attempted = new ArrayList<>();
  final Room room =
      new Room(1 << 20, WhenFull.fail(), SenderMetrics.NONE, new GroupShares(1, 0, timer));
  final Ledger ledger = new Ledger(room);
  final Completions completions = new Completions("test");

  WireProtocol protocol = new FakeProtocol();
  NodeSelector selector = (candidates, destination) -> candidates.get(0);
  RetryPolicy policy = RetryPolicy.defaults();
  int maxInFlight = 64;
  double random = 0.5;
  private @Nullable Line line;

  Line line() {
    if (line == null) {
      line = newLine();
    }
    return line;
  }

  private Line newLine() {
    SenderMetrics metrics =
        new SenderMetrics() {
          @Override
          public void attempted(Destination destination, Attempt attempt) {
            attempted.add(attempt);
          }
        };
    NodeTable table =
        new NodeTable(selector, new NodeProbe(protocol, transport), timer, metrics, () -> random);
    NodeDirectory directory =
        new NodeDirectory(
            source, transport, table, new Snapshots(null, Runnable::run), timer, () -> random);
    return new Line(
        protocol,
        directory,
        table,
        new Limits(protocol, directory, timer),
        new AckHistory(timer),
        new GroupShares(maxInFlight, policy.budgetRatio(), timer),
        new FirstRequests(),
        transport,
        policy,
        new Retries("test", policy, () -> random),
        timer,
        () -> random,
        metrics,
        Undelivered.NOWHERE);
  }

  /** The places of the group. */
  InFlightLimit.Share places() {
    return line().groups().of(DESTINATION.groupId()).places();
  }

  /** Makes the nodes of the group known. */
  DeliveryRig nodes(int size) {
    return nodes(Lists.upTo(size));
  }

  DeliveryRig nodes(NodeList list) {
    return nodes(DESTINATION.groupId(), list);
  }

  /** Makes the nodes of another group known. */
  DeliveryRig nodes(String groupId, NodeList list) {
    line().directory().nodes(groupId);
    source.last().list(list);
    return this;
  }

  /** Delivers the bodies as one. */
  CompletableFuture<SendResult> send(String... bodies) {
    return send(Runnable::run, bodies);
  }

  /** The same for a caller that waits, which is this thread. */
  CompletableFuture<SendResult> sendHere(String... bodies) {
    return send(new WaitingCaller(Thread.currentThread()), bodies);
  }

  private CompletableFuture<SendResult> send(Executor teller, String... bodies) {
    return send(DESTINATION, teller, bodies);
  }

  CompletableFuture<SendResult> send(Destination destination, Executor teller, String... bodies) {
    BatchReceipt receipt = new BatchReceipt(ledger, teller, bodies.length, 0);
    ledger.open(receipt);
    start(destination, receipt, bodies);
    return receipt.future();
  }

  /** Delivers the bodies in one batch, each with a future of its own. */
  List<CompletableFuture<SendResult>> enqueue(String... bodies) {
    MessageReceipts receipts = new MessageReceipts(ledger, completions, 2);
    ledger.open(receipts);
    List<CompletableFuture<SendResult>> futures =
        Stream.of(bodies).map(body -> receipts.add(0)).toList();
    start(DESTINATION, receipts, bodies);
    return futures;
  }

  private void start(Destination destination, Receipt receipt, String... bodies) {
    List<Message> messages = Stream.of(bodies).map(Message::of).toList();
    Payload payload = line().protocol().encode(destination, messages, timer.now());
    new Delivery(line(), payload, receipt).start();
  }

  /** The nodes that got a report, in order. */
  List<String> asked() {
    return transport.reports().stream().map(FakeTransport.Call::node).toList();
  }

  static SendResult resultOf(CompletableFuture<SendResult> future) {
    assertThat(future).succeedsWithin(AWHILE);
    return future.join();
  }

  static <T extends SendException> T errorOf(CompletableFuture<SendResult> future, Class<T> type) {
    return assertThat(future)
        .failsWithin(AWHILE)
        .withThrowableThat()
        .havingCause()
        .asInstanceOf(InstanceOfAssertFactories.type(type))
        .actual();
  }

  static List<Outcome> outcomes(List<Attempt> attempts) {
    return attempts.stream().map(Attempt::outcome).toList();
  }

  @Override
  public void close() {
    completions.close();
  }
}
