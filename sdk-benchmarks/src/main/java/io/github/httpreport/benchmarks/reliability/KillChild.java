package io.github.httpreport.benchmarks.reliability;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.httpreport.Batching;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.spool.SpoolSettings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The process that is killed: sends numbered messages through a spool until it dies, and says each
 * number as soon as its future is complete, one system call a number.
 */
final class KillChild {

  /** Nothing listens there, so that what stands in the spool stays there. */
  private static final String NO_NODE = "127.0.0.1:1";

  private static final int OUTSTANDING = 200;

  private KillChild() {}

  /**
   * Runs until it is killed.
   *
   * @param arguments the spool, the Manager, and the number of the process
   * @throws InterruptedException never, since no code interrupts it
   */
  public static void main(String[] arguments) throws InterruptedException {
    int process = Integer.parseInt(arguments[2]);
    FileOutputStream numbers = new FileOutputStream(FileDescriptor.out);
    Semaphore outstanding = new Semaphore(OUTSTANDING);
    try (ProxySender sender = sender(Path.of(arguments[0]), arguments[1])) {
      for (int i = 0; ; i++) {
        outstanding.acquire();
        int number = i;
        sender
            .enqueue(KillCounts.body(process, number), "kill", "lines")
            .thenAccept(result -> say(numbers, number, result))
            .whenComplete((said, error) -> outstanding.release());
      }
    }
  }

  /** How the processes send, and the one that empties the spool in the end. */
  static ProxySender sender(Path spool, String manager) {
    return HttpProxySender.builder()
        .manager(manager)
        .batching(Batching.builder().linger(Duration.ofMillis(2)).build())
        .requestTimeout(Duration.ofMillis(500))
        .retry(
            RetryPolicy.builder()
                .backoff(Duration.ofMillis(10), Duration.ofMillis(100))
                .deadline(Duration.ofSeconds(5))
                .build())
        .spool(SpoolSettings.builder(spool).writeAhead(true).build())
        .name("kill-sender")
        .build();
  }

  /** How many messages stand in a spool that no process has. */
  static long left(Path spool) {
    FirstSpoolUse use = new FirstSpoolUse();
    HttpProxySender.builder()
        .nodes(NO_NODE)
        .spool(SpoolSettings.in(spool))
        .metrics(use)
        .build()
        .close(Duration.ZERO);
    return use.messages.get();
  }

  /** The messages that stand in a spool when a sender opens it. */
  private static final class FirstSpoolUse implements SenderMetrics {
    private final AtomicLong messages = new AtomicLong(-1);

    @Override
    public void spoolUsed(long count, long usedBytes, long maxBytes) {
      messages.compareAndSet(-1, count);
    }
  }

  private static void say(FileOutputStream numbers, int number, SendResult result) {
    if (!result.spooled()) {
      throw new IllegalStateException("a future completed without the disk");
    }
    try {
      numbers.write((number + "\n").getBytes(US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
