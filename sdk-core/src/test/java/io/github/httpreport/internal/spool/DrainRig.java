package io.github.httpreport.internal.spool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.WhenFull;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.batch.IncompleteBatches;
import io.github.httpreport.internal.batch.MemoryBudget;
import io.github.httpreport.internal.batch.RequestSizeLimits;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.delivery.AckHistory;
import io.github.httpreport.internal.delivery.DeliveryContext;
import io.github.httpreport.internal.delivery.FakeProtocol;
import io.github.httpreport.internal.delivery.FirstRequests;
import io.github.httpreport.internal.delivery.RetrySchedule;
import io.github.httpreport.internal.delivery.UndeliveredHandler;
import io.github.httpreport.internal.node.NodeDirectory;
import io.github.httpreport.internal.node.NodeProbe;
import io.github.httpreport.internal.node.NodeTable;
import io.github.httpreport.internal.node.Snapshots;
import io.github.httpreport.internal.share.GroupShares;
import io.github.httpreport.internal.spool.store.Spool;
import io.github.httpreport.internal.telemetry.LossLog;
import io.github.httpreport.internal.telemetry.LossReporting;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.internal.transport.FakeTransport;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.spool.SpoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A spool on a real disk that is drained in virtual time, on the thread of the test. Each group has
 * a node of its own, whose name begins with that of the group.
 */
final class DrainRig implements AutoCloseable {

  static final Duration LATENCY = Duration.ofMillis(10);
  static final Duration MAX_AGE = Duration.ofHours(2);
  private static final Pattern GROUP = Pattern.compile("groupId=([^&]*)&");

  final ManualScheduler scheduler = new ManualScheduler();
  final FakeTransport transport = new FakeTransport(scheduler);
  final Map<String, Function<Request, CompletableFuture<Response>>> rules = new HashMap<>();
  final Map<String, Supplier<CompletableFuture<NodeList>>> lists = new HashMap<>();
  final Map<String, List<String>> accepted = new HashMap<>();
  final Map<String, Integer> failed = new HashMap<>();
  final RecoveringSpool disk;
  final SpoolDrainer drainer;
  final DeliveryContext context;
  private final IncompleteBatches batches;
  private boolean awake;

  DrainRig(Path directory) {
    this(directory, Spool::open);
  }

  DrainRig(Path directory, RecoveringSpool.Opener opener) {
    SenderMetrics counting =
        new SenderMetrics() {
          @Override
          public void failed(Destination destination, int messages, RuntimeException cause) {
            failed.merge(destination.groupId(), messages, Integer::sum);
          }
        };
    SenderMetrics metrics = new LossReporting(counting, new LossLog(scheduler));
    RetryPolicy policy = RetryPolicy.defaults();
    GroupShares groups = new GroupShares(64, policy.budgetRatio(), scheduler);
    MemoryBudget budget = new MemoryBudget(1 << 20, WhenFull.fail(), metrics, groups);
    batches = new IncompleteBatches(budget);
    SpoolSettings settings = SpoolSettings.builder(directory).maxAge(MAX_AGE).build();
    disk = new RecoveringSpool(settings, opener, "fake", batches, scheduler, metrics);
    FakeProtocol protocol = new FakeProtocol();
    NodeTable table =
        new NodeTable(
            (candidates, destination) -> candidates.get(0),
            new NodeProbe(protocol, transport),
            scheduler,
            metrics,
            () -> 0.5);
    NodeDirectory directoryOfNodes =
        new NodeDirectory(
            new Source(),
            transport,
            table,
            new Snapshots(null, Runnable::run),
            scheduler,
            () -> 0.5);
    context =
        new DeliveryContext(
            protocol,
            directoryOfNodes,
            table,
            new RequestSizeLimits(protocol, directoryOfNodes::maxRequestBytes, scheduler),
            new AckHistory(scheduler),
            groups,
            new FirstRequests(),
            transport,
            policy,
            new RetrySchedule("test", policy, () -> 0.5),
            scheduler,
            () -> 0.5,
            metrics,
            UndeliveredHandler.NOWHERE);
    drainer =
        new SpoolDrainer(
            disk,
            context,
            new RetrySchedule("trial", RetryPolicy.builder().maxAttempts(2).build(), () -> 0.5),
            budget,
            64,
            settings.maxAge(),
            this::wake);
    table.onRecovery(drainer::nodeHealthy);
    transport.always(this::response);
    transport.onProbe(request -> answered(groupOfNode(request), request));
    disk.open();
  }

  private void wake() {
    if (!awake) {
      awake = true;
      scheduler.schedule(Duration.ZERO, this::work);
    }
  }

  private void work() {
    awake = false;
    drainer.collect();
    drainer.expire();
    if (disk.hasRemovals()) {
      disk.commit(List.of());
    }
    drainer.pump();
  }

  /** Begins to drain what is on disk. */
  void start() {
    wake();
  }

  void run(Duration time) {
    scheduler.advance(time);
  }

  /** Lets time pass until a group has had so many messages acknowledged. */
  Duration timeUntil(String group, int messages, Duration limit) {
    long start = scheduler.nanoTime();
    while (arrived(group).size() < messages && scheduler.nanoTime() - start < limit.toNanos()) {
      scheduler.advance(LATENCY.dividedBy(2));
    }
    return Duration.ofNanos(scheduler.nanoTime() - start);
  }

  /** What a group had acknowledged, in order. */
  List<String> arrived(String group) {
    return accepted.getOrDefault(group, List.of());
  }

  /** Puts entries on disk, in one commit. */
  void store(Collection<Payload> payloads) {
    disk.commit(
        payloads.stream()
            .map(payload -> new PendingWrite(payload, () -> {}, (why, text) -> {}))
            .toList());
  }

  Payload payload(String group, String... bodies) {
    return context
        .protocol()
        .encode(
            new Destination(group, "stream"),
            Stream.of(bodies).map(Message::of).toList(),
            scheduler.now());
  }

  /** So many entries of one message each, numbered. */
  List<Payload> payloads(String group, int from, int to) {
    List<Payload> payloads = new ArrayList<>();
    for (int i = from; i < to; i++) {
      payloads.add(payload(group, group + '-' + i));
    }
    return payloads;
  }

  /** What a group's node does with each report, from now on. */
  void node(String group, Function<Request, CompletableFuture<Response>> rule) {
    rules.put(group, rule);
  }

  private CompletableFuture<Response> response(Request request) {
    Matcher matcher = GROUP.matcher(new String(request.body(), UTF_8));
    if (!matcher.find()) {
      throw new AssertionError("a report without a group");
    }
    return answered(matcher.group(1), request);
  }

  private CompletableFuture<Response> answered(String group, Request request) {
    boolean report = request.method().equals("POST");
    Function<Request, CompletableFuture<Response>> rule = rules.get(group);
    if (rule != null) {
      return rule.apply(request).whenComplete((response, error) -> note(group, request, response));
    }
    CompletableFuture<Response> late = new CompletableFuture<>();
    scheduler.schedule(
        LATENCY,
        () -> {
          if (report) {
            note(group, request, CannedResponses.response("0", "Ok"));
          }
          late.complete(CannedResponses.response("0", "Ok"));
        });
    return late;
  }

  private void note(String group, Request request, Response response) {
    if (response != null
        && request.method().equals("POST")
        && new String(response.body(), UTF_8).contains("\"code\":\"0\"")) {
      accepted
          .computeIfAbsent(group, any -> new ArrayList<>())
          .addAll(new FakeTransport.Call(request, LATENCY, 0).messages());
    }
  }

  private static String groupOfNode(Request request) {
    String host = request.origin().host();
    return host.substring(0, host.indexOf(".node"));
  }

  /** How many reports went to the node of a group. */
  long reportsTo(String group) {
    return transport.reports().stream().filter(call -> call.node().equals(group + ".node")).count();
  }

  @Override
  public void close() {
    drainer.stop();
    disk.close();
  }

  /** One node for each group, unless a test says something else. */
  private final class Source implements NodeSource {
    @Override
    public CompletableFuture<NodeList> fetch(
        String groupId, io.github.httpreport.http.Exchange exchange) {
      Supplier<CompletableFuture<NodeList>> scripted = lists.get(groupId);
      return scripted != null
          ? scripted.get()
          : CompletableFuture.completedFuture(
              NodeList.of(List.of(Node.of(groupId + ".node", 8080))));
    }
  }

  static CompletableFuture<NodeList> noList(NodeSourceException.Kind kind) {
    return CompletableFuture.failedFuture(
        new NodeSourceException(kind, "manager says " + kind, null));
  }
}
