package io.github.httpreport.killtest;

import io.github.httpreport.Batching;
import io.github.httpreport.CloseSummary;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.WhenFull;
import io.github.httpreport.spool.SpoolSettings;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends more than its disk takes, and says of each message what its future said. Answers a line of
 * its input with another round, and ends with its input.
 */
final class Filler {

  private static final int BODY_BYTES = 10_000;
  private static final int BUFFER_BYTES = 2 << 20;

  private Filler() {}

  /** Takes the spool, {@code ahead} or {@code spill}, the messages of a round, and the nodes. */
  public static void main(String[] arguments) throws Exception {
    int messages = Integer.parseInt(arguments[2]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    ProxySender sender =
        sender(Path.of(arguments[0]), arguments[1].equals("ahead"), arguments[3].split(",", -1));
    int first = 0;
    do {
      round(sender, out, first, messages);
      first += messages;
    } while (System.in.read() >= 0);
    CloseSummary closed = sender.close(Duration.ofSeconds(2));
    out.println("closed " + closed.spooled() + ' ' + (first - closed.total()));
  }

  private static ProxySender sender(Path spool, boolean ahead, String... nodes) {
    return HttpProxySender.builder()
        .nodes(nodes)
        .batching(Batching.builder().linger(Duration.ofMillis(2)).build())
        .buffer(BUFFER_BYTES, ahead ? WhenFull.block(Duration.ofSeconds(20)) : WhenFull.spill())
        .requestTimeout(Duration.ofMillis(500))
        .retry(
            RetryPolicy.builder()
                .maxAttempts(3)
                .backoff(Duration.ofMillis(10), Duration.ofMillis(50))
                .build())
        .spool(SpoolSettings.builder(spool).writeAhead(ahead).build())
        .build();
  }

  private static void round(ProxySender sender, PrintStream out, int first, int messages) {
    List<CompletableFuture<Void>> outcomes = new ArrayList<>();
    for (int i = first; i < first + messages; i++) {
      int number = i;
      outcomes.add(
          sender
              .enqueue(number + "x".repeat(BODY_BYTES), "group", "stream")
              .handle(
                  (result, error) -> {
                    out.println("told " + number + ' ' + text(result, error));
                    return null;
                  }));
    }
    outcomes.forEach(CompletableFuture::join);
    out.println("round over");
  }

  private static String text(@Nullable SendResult result, @Nullable Throwable error) {
    if (result == null) {
      return "failed " + error;
    }
    return result.spooled() ? "spooled" : "sent";
  }
}
