package io.github.httpreport.killtest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.httpreport.Batching;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.spool.SpoolSettings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * The process that is killed: sends numbered messages through a spool until it dies, and writes
 * down each number as soon as its future is complete, one system call a number.
 */
final class Child {

  /** In place of the file of numbers. */
  static final String TO_PARENT = "-";

  private static final int OUTSTANDING = 200;

  private Child() {}

  /**
   * Takes the spool, the file of numbers, the first number, the addresses of the nodes, and how
   * many bytes to add to a message.
   */
  public static void main(String[] arguments) throws Exception {
    String[] nodes = arguments[3].split(",", -1);
    String padding = " ".repeat(Integer.parseInt(arguments[4])) + '.';
    try (ProxySender sender = sender(Path.of(arguments[0]), nodes);
        FileOutputStream numbers = numbers(arguments[1])) {
      Semaphore outstanding = new Semaphore(OUTSTANDING);
      for (long number = Long.parseLong(arguments[2]); ; number++) {
        outstanding.acquire();
        long sent = number;
        sender
            .enqueue("m" + number + padding, "group", "stream")
            .whenComplete(
                (result, error) -> {
                  outstanding.release();
                  if (error == null) {
                    note(numbers, sent, result);
                  }
                });
      }
    }
  }

  private static FileOutputStream numbers(String name) throws IOException {
    return name.equals(TO_PARENT)
        ? new FileOutputStream(FileDescriptor.out)
        : new FileOutputStream(name, true);
  }

  /** How the child and, at the end, its parent send. */
  static ProxySender sender(Path spool, String... nodes) {
    return HttpProxySender.builder()
        .nodes(nodes)
        .batching(Batching.builder().linger(Duration.ofMillis(2)).build())
        .requestTimeout(Duration.ofMillis(500))
        .retry(
            RetryPolicy.builder()
                .backoff(Duration.ofMillis(10), Duration.ofMillis(100))
                .deadline(Duration.ofSeconds(5))
                .build())
        .spool(SpoolSettings.builder(spool).writeAhead(true).build())
        .build();
  }

  private static void note(FileOutputStream numbers, long number, SendResult result) {
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
