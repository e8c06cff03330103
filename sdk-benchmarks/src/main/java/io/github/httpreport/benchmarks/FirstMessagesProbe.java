package io.github.httpreport.benchmarks;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Sends from 8 threads in a process of its own and writes the rate of the first messages, counted
 * from the start of {@code main}, over the rate after the warm-up.
 */
final class FirstMessagesProbe {

  private static final int THREADS = 8;

  private final ProxySender sender;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  private FirstMessagesProbe(ProxySender sender) {
    this.sender = sender;
  }

  /**
   * Sends.
   *
   * @param args the Manager's URL, how many messages are the first, and the milliseconds of a turn
   */
  public static void main(String[] args) {
    long start = System.nanoTime();
    PrintStream response = System.out;
    // What is logged must not stand before the answer.
    System.setOut(System.err);
    try (ProxySender sender = HttpProxySender.builder().manager(args[0]).build()) {
      FirstMessagesProbe probe = new FirstMessagesProbe(sender);
      AtomicLong left = new AtomicLong(Long.parseLong(args[1]));
      long messages = probe.sendWhile(() -> left.getAndDecrement() > 0);
      double first = messages / (double) (System.nanoTime() - start);
      Duration sample = Duration.ofMillis(Long.parseLong(args[2]));
      probe.rate(sample.multipliedBy(DecodingServer.WARM_UP_TURNS));
      double steady = probe.rate(sample.multipliedBy(DecodingServer.WARM_UP_TURNS / 4));
      response.println(first / steady);
      probe.threads.shutdown();
    }
  }

  private double rate(Duration time) {
    long start = System.nanoTime();
    long end = start + time.toNanos();
    long messages = sendWhile(() -> System.nanoTime() - end < 0);
    return messages / (double) (System.nanoTime() - start);
  }

  private long sendWhile(BooleanSupplier more) {
    AtomicLong sent = new AtomicLong();
    CompletableFuture.allOf(
            IntStream.range(0, THREADS)
                .mapToObj(
                    i -> CompletableFuture.runAsync(() -> sent.addAndGet(send(more)), threads))
                .toArray(CompletableFuture<?>[]::new))
        .join();
    return sent.get();
  }

  private long send(BooleanSupplier more) {
    List<String> bodies = List.of(Body.ASCII.text());
    String group = Topology.group(0);
    long sent = 0;
    while (more.getAsBoolean()) {
      sender.send(bodies, group, Topology.STREAM);
      sent++;
    }
    return sent;
  }
}
