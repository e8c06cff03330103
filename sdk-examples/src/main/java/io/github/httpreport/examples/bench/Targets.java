package io.github.httpreport.examples.bench;

import io.github.httpreport.examples.bench.Target.Bound;
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
  private final List<Target> targets = new ArrayList<>();

  private Targets(Results results) {
    this.results = results;
    speed = results.block(Block.SPEED);
  }

  static List<Target> of(Results results) {
    Targets targets = new Targets(results);
    targets.addSpeed();
    targets.addCost();
    targets.addReach();
    targets.addScale();
    targets.addExtras();
    return List.copyOf(targets.targets);
  }

  private void add(String name, Bound bound, @Nullable Spread measured) {
    targets.add(new Target(name, bound, measured));
  }

  private void addSpeed() {
    faster("send, 1 thread, to raw", Block.SEND_1, Block.RAW_1, 0.5);
    add(
        "its median latency, to raw",
        Bound.atMost(2.2, TIMES),
        speed.ratio(Block.SEND_1, Block.RAW_1, Turn::medianNanos));
    faster("send, 1 thread, to documented", Block.SEND_1, Block.DOCUMENTED_1, 2);
    faster("sendAsync, 16 in flight, to raw, 16 threads", Block.ASYNC_16, Block.RAW_16, 0.85);
    faster(
        "sendAsync, 16 in flight, to documented, 1 thread", Block.ASYNC_16, Block.DOCUMENTED_1, 10);
    faster("send, 8 threads, batch 50, to raw", Block.SEND_8_BY_50, Block.RAW_8_BY_50, 0.85);
    faster(
        "send, 8 threads, batch 50, to documented",
        Block.SEND_8_BY_50,
        Block.DOCUMENTED_8_BY_50,
        4);
    add(
        "its client CPU per message, to documented",
        Bound.atMost(0.3, TIMES),
        speed.ratio(Block.SEND_8_BY_50, Block.DOCUMENTED_8_BY_50, Turn::cpuMicrosPerMessage));
    faster("enqueue, 4 threads, to raw, batch 500", Block.ENQUEUE_4, Block.RAW_4_BY_500, 0.65);
    faster(
        "enqueue, 4 threads, to documented, 4 threads, batch 1",
        Block.ENQUEUE_4,
        Block.DOCUMENTED_4,
        100);
  }

  private void faster(String name, Setup setup, Setup than, double times) {
    add(name, Bound.atLeast(times, TIMES), speed.ratio(setup, than, Turn::messagesPerSecond));
  }

  private void addCost() {
    Measured wire = results.block(Block.WIRE);
    add(
        "bytes on the wire, Chinese, COMPACT to STANDARD",
        Bound.atMost(0.36, TIMES),
        wire.ratio(Block.COMPACT, Block.STANDARD, Turn::wireBytesPerMessage));
    allocation("allocation per request, send, 1 thread", Block.SEND_1);
    allocation("allocation per request, sendAsync, 16 in flight", Block.ASYNC_16);
    allocation("allocation per request, send, 8 threads, batch 50", Block.SEND_8_BY_50);
    add(
        "allocation per message, enqueue, 4 threads",
        Bound.atMost(200, BYTES),
        cost(Block.ENQUEUE_4, Turn::extraBytesPerMessage));
  }

  private void allocation(String name, Setup setup) {
    add(name, Bound.atMost(4096, BYTES), cost(setup, Turn::extraBytesPerRequest));
  }

  /** Only of servers that count bytes and requests. */
  private @Nullable Spread cost(Setup setup, ToDoubleFunction<Turn> figure) {
    boolean known = speed.has(setup) && results.plan().server() == ServerKind.lean;
    return known ? speed.figures(setup, figure) : null;
  }

  private void addReach() {
    Measured many = results.block(Block.MANY);
    add(
        "CPU per message, sendAsync, 1,000 nodes to 3",
        Bound.atMost(1.2, TIMES),
        many.ratio(Block.MANY_NODES, Block.ASYNC_16, Turn::cpuMicrosPerMessage));
    add(
        "CPU per message, sendAsync, 1,000 groups to 1",
        Bound.atMost(1.2, TIMES),
        many.ratio(Block.MANY_GROUPS, Block.ASYNC_16, Turn::cpuMicrosPerMessage));
    extra("threads more with 1,000 nodes or groups", Bound.atMost(0, "threads"), Extra.THREADS);
  }

  private void addScale() {
    Spread send = speed.ratio(Block.SEND_8, Block.SEND_1, Turn::messagesPerCpuSecond);
    Spread raw = speed.ratio(Block.RAW_8, Block.RAW_1, Turn::messagesPerCpuSecond);
    Spread kept = send == null || raw == null ? null : send.dividedBy(raw.median());
    add("throughput per core kept from 1 to 8 threads, to raw", Bound.atLeast(0.75, TIMES), kept);
  }

  private void addExtras() {
    extra("p99.9 of enqueue itself, slow server", Bound.atMost(1, "ms"), Extra.SLOW_SERVER);
    extra(
        "startup to first acknowledgement, to documented", Bound.atMost(1.5, TIMES), Extra.STARTUP);
    extra("size of sdk-core and what it needs", Bound.atMost(6, "MB"), Extra.SIZE);
  }

  private void extra(String name, Bound bound, Extra extra) {
    add(name, bound, results.extras().get(extra));
  }
}
