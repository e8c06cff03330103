package io.github.httpreport.internal.delivery;

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
import io.github.httpreport.internal.batch.BatchCompletion;
import io.github.httpreport.internal.batch.BlockedCaller;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.batch.MemoryBudget;
import io.github.httpreport.internal.batch.PerMessageCompletion;
import io.github.httpreport.internal.batch.RequestSizeLimits;
import io.github.httpreport.internal.batch.SingleFutureCompletion;
import io.github.httpreport.internal.concurrent.CallbackExecutor;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.node.FakeNodeSource;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.node.NodeDirectory;
import io.github.httpreport.internal.node.NodeProbe;
import io.github.httpreport.internal.node.NodeTable;
import io.github.httpreport.internal.node.Snapshots;
import io.github.httpreport.internal.share.GroupShares;
import io.github.httpreport.internal.share.InFlightLimit;
import io.github.httpreport.internal.transport.FakeTransport;
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
public final class DeliveryRig implements AutoCloseable {

  static final Duration AWHILE = Duration.ofSeconds(20);
  public static final Destination DESTINATION = new Destination("group", "stream");

  public final ManualScheduler scheduler = new ManualScheduler();
  final FakeTransport transport = new FakeTransport(scheduler);
  final FakeNodeSource source = new FakeNodeSource();
  final List<Attempt> attempted = new ArrayList<>();
  public final MemoryBudget budget =
      new MemoryBudget(
          1 << 20, WhenFull.fail(), SenderMetrics.NONE, new GroupShares(1, 0, scheduler));
  public final IncompleteBatches batches = new IncompleteBatches(budget);
  public final CallbackExecutor callbacks = new CallbackExecutor("test");

  public WireProtocol protocol = new FakeProtocol();
  NodeSelector selector = (candidates, destination) -> candidates.get(0);
  RetryPolicy policy = RetryPolicy.defaults();
  int maxInFlight = 64;
  double random = 0.5;
  private @Nullable DeliveryContext context;

  public DeliveryContext context() {
    if (context == null) {
      context = newLine();
    }
    return context;
  }

  private DeliveryContext newLine() {
    SenderMetrics metrics =
        new SenderMetrics() {
          @Override
          public void attempted(Destination destination, Attempt attempt) {
            attempted.add(attempt);
          }
        };
    NodeTable table =
        new NodeTable(
            selector, new NodeProbe(protocol, transport), scheduler, metrics, () -> random);
    NodeDirectory directory =
        new NodeDirectory(
            source, transport, table, new Snapshots(null, Runnable::run), scheduler, () -> random);
    return new DeliveryContext(
        protocol,
        directory,
        table,
        new RequestSizeLimits(protocol, directory::maxRequestBytes, scheduler),
        new AckHistory(scheduler),
        new GroupShares(maxInFlight, policy.budgetRatio(), scheduler),
        new FirstRequests(),
        transport,
        policy,
        new RetrySchedule("test", policy, () -> random),
        scheduler,
        () -> random,
        metrics,
        UndeliveredHandler.NOWHERE);
  }

  /** Where the lists of nodes come from. */
  public FakeNodeSource source() {
    return source;
  }

  /** The places of the group. */
  InFlightLimit.Share places() {
    return context().groups().of(DESTINATION.groupId()).places();
  }

  /** Makes the nodes of the group known. */
  public DeliveryRig nodes(int size) {
    return nodes(Lists.upTo(size));
  }

  public DeliveryRig nodes(NodeList list) {
    return nodes(DESTINATION.groupId(), list);
  }

  /** Makes the nodes of another group known. */
  public DeliveryRig nodes(String groupId, NodeList list) {
    context().directory().nodes(groupId);
    source.last().list(list);
    return this;
  }

  /** Delivers the bodies as one. */
  CompletableFuture<SendResult> send(String... bodies) {
    return send(Runnable::run, bodies);
  }

  /** The same for a caller that waits, which is this thread. */
  CompletableFuture<SendResult> sendHere(String... bodies) {
    return send(new BlockedCaller(Thread.currentThread()), bodies);
  }

  private CompletableFuture<SendResult> send(Executor completer, String... bodies) {
    return send(DESTINATION, completer, bodies);
  }

  CompletableFuture<SendResult> send(
      Destination destination, Executor completer, String... bodies) {
    SingleFutureCompletion completion =
        new SingleFutureCompletion(batches, completer, bodies.length, 0);
    batches.open(completion);
    start(destination, completion, bodies);
    return completion.future();
  }

  /** Delivers the bodies in one batch, each with a future of its own. */
  List<CompletableFuture<SendResult>> enqueue(String... bodies) {
    PerMessageCompletion completions = new PerMessageCompletion(batches, callbacks, 2);
    batches.open(completions);
    List<CompletableFuture<SendResult>> futures =
        Stream.of(bodies).map(body -> completions.add(0)).toList();
    start(DESTINATION, completions, bodies);
    return futures;
  }

  private void start(Destination destination, BatchCompletion completion, String... bodies) {
    List<Message> messages = Stream.of(bodies).map(Message::of).toList();
    Payload payload = context().protocol().encode(destination, messages, scheduler.now());
    new Delivery(context(), payload, completion).start();
  }

  /** The nodes that got a report, in order. */
  List<String> asked() {
    return transport.reports().stream().map(FakeTransport.Call::node).toList();
  }

  public static SendResult resultOf(CompletableFuture<SendResult> future) {
    assertThat(future).succeedsWithin(AWHILE);
    return future.join();
  }

  public static <T extends SendException> T errorOf(
      CompletableFuture<SendResult> future, Class<T> type) {
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
    callbacks.close();
  }
}
