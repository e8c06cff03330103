package io.github.httpreport.benchmarks;

import io.github.httpreport.benchmarks.BenchTarget.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What the library is to reach, each as a ratio in one run where it can be one. */
final class Targets {

  private static final String TIMES = "x";
  private static final String BYTES = "B";

  private final Results results;
  private final Measured speed;
  private final List<BenchTarget> targets = new ArrayList<>();

  private Targets(Results results) {
    this.results = results;
    speed = results.block(Suite.SPEED);
  }

  static List<BenchTarget> of(Results results) {
    Targets targets = new Targets(results);
    targets.addSpeed();
    targets.addCost();
    targets.addTls();
    targets.addReach();
    targets.addScale();
    targets.addExtras();
    return List.copyOf(targets.targets);
  }

  private void add(String name, Bound bound, @Nullable Summary measured) {
    targets.add(new BenchTarget(name, bound, measured));
  }

  private void addSpeed() {
    faster("send, 1 thread, to raw", Suite.SEND_1, Suite.RAW_1, 0.5);
    add(
        "its median latency, to raw",
        Bound.atMost(2.2, TIMES),
        speed.ratio(Suite.SEND_1, Suite.RAW_1, Sample::medianNanos));
    faster("send, 1 thread, to documented", Suite.SEND_1, Suite.DOCUMENTED_1, 2);
    faster("sendAsync, 16 in flight, to raw, 16 threads", Suite.ASYNC_16, Suite.RAW_16, 0.85);
    faster(
        "sendAsync, 16 in flight, to documented, 1 thread", Suite.ASYNC_16, Suite.DOCUMENTED_1, 10);
    faster("send, 8 threads, batch 50, to raw", Suite.SEND_8_BY_50, Suite.RAW_8_BY_50, 0.85);
    faster(
        "send, 8 threads, batch 50, to documented",
        Suite.SEND_8_BY_50,
        Suite.DOCUMENTED_8_BY_50,
        4);
    add(
        "its client CPU per message, to documented",
        Bound.atMost(0.3, TIMES),
        speed.ratio(Suite.SEND_8_BY_50, Suite.DOCUMENTED_8_BY_50, Sample::cpuMicrosPerMessage));
    faster("enqueue, 4 threads, to raw, batch 500", Suite.ENQUEUE_4, Suite.RAW_4_BY_500, 0.65);
    faster(
        "enqueue, 4 threads, to documented, 4 threads, batch 1",
        Suite.ENQUEUE_4,
        Suite.DOCUMENTED_4,
        100);
  }

  private void faster(String name, Scenario scenario, Scenario than, double times) {
    add(name, Bound.atLeast(times, TIMES), speed.ratio(scenario, than, Sample::messagesPerSecond));
  }

  private void addCost() {
    Measured wire = results.block(Suite.WIRE);
    add(
        "bytes on the wire, Chinese, COMPACT to STANDARD",
        Bound.atMost(0.36, TIMES),
        wire.ratio(Suite.COMPACT, Suite.STANDARD, Sample::wireBytesPerMessage));
    allocation("allocation per request, send, 1 thread", Suite.SEND_1);
    allocation("allocation per request, sendAsync, 16 in flight", Suite.ASYNC_16);
    allocation("allocation per request, send, 8 threads, batch 50", Suite.SEND_8_BY_50);
    add(
        "allocation per message, enqueue, 4 threads",
        Bound.atMost(200, BYTES),
        cost(Suite.ENQUEUE_4, Sample::extraBytesPerMessage));
  }

  private void allocation(String name, Scenario scenario) {
    add(name, Bound.atMost(4096, BYTES), cost(scenario, Sample::extraBytesPerRequest));
  }

  /** Only of servers that count bytes and requests. */
  private @Nullable Summary cost(Scenario scenario, ToDoubleFunction<Sample> figure) {
    boolean known = speed.has(scenario) && results.plan().server() == ServerKind.lean;
    return known ? speed.figures(scenario, figure) : null;
  }

  private void addTls() {
    Measured tls = results.block(Suite.TLS);
    for (Scenario plain : Suite.ALSO_WITH_TLS) {
      add(
          plain.name() + ", TLS, to plain HTTP",
          Bound.atLeast(0.7, TIMES),
          tls.ratio(plain.with(Topology.SECURE), plain, Sample::messagesPerSecond));
    }
  }

  private void addReach() {
    Measured many = results.block(Suite.MANY);
    add(
        "CPU per message, sendAsync, 1,000 nodes to 3",
        Bound.atMost(1.2, TIMES),
        many.ratio(Suite.MANY_NODES, Suite.ASYNC_16, Sample::cpuMicrosPerMessage));
    add(
        "CPU per message, sendAsync, 1,000 groups to 1",
        Bound.atMost(1.2, TIMES),
        many.ratio(Suite.MANY_GROUPS, Suite.ASYNC_16, Sample::cpuMicrosPerMessage));
    extraMeasurement(
        "threads more with 1,000 nodes or groups",
        Bound.atMost(0, "threads"),
        ExtraMeasurement.THREADS);
  }

  private void addScale() {
    Summary send = speed.ratio(Suite.SEND_8, Suite.SEND_1, Sample::messagesPerCpuSecond);
    Summary raw = speed.ratio(Suite.RAW_8, Suite.RAW_1, Sample::messagesPerCpuSecond);
    Summary kept = send == null || raw == null ? null : send.dividedBy(raw.median());
    add("throughput per core kept from 1 to 8 threads, to raw", Bound.atLeast(0.75, TIMES), kept);
  }

  private void addExtras() {
    extraMeasurement(
        "p99.9 of enqueue itself, slow server",
        Bound.atMost(1, "ms"),
        ExtraMeasurement.SLOW_SERVER);
    extraMeasurement(
        "startup to first acknowledgement, to documented",
        Bound.atMost(1.5, TIMES),
        ExtraMeasurement.STARTUP);
    extraMeasurement(
        "send, 8 threads, to minimal blocking client, decoding server",
        Bound.atLeast(0.95, TIMES),
        ExtraMeasurement.DECODED_SEND);
    extraMeasurement(
        "sendAsync, 16 in flight, to minimal client, decoding server",
        Bound.atLeast(0.95, TIMES),
        ExtraMeasurement.DECODED_ASYNC);
    extraMeasurement(
        "first messages of a process, send, 8 threads, to steady rate",
        Bound.atLeast(0.5, TIMES),
        ExtraMeasurement.FIRST_MESSAGES);
    extraMeasurement(
        "enqueue over 20 ms each way, to this machine",
        Bound.atLeast(0.5, TIMES),
        ExtraMeasurement.DELAYED_NETWORK);
    extraMeasurement(
        "size of sdk-core and what it needs", Bound.atMost(6, "MB"), ExtraMeasurement.SIZE);
  }

  private void extraMeasurement(String name, Bound bound, ExtraMeasurement extraMeasurement) {
    add(name, bound, results.extras().get(extraMeasurement));
  }
}
