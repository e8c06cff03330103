package io.github.httpreport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.testsupport.Gate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CompletionsTest {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  @Test
  void execute_otherTasksBlockForLong_runsNevertheless() {
    Gate gate = new Gate();
    CompletableFuture<Void> callback = new CompletableFuture<>();
    try (Completions completions = new Completions("completions-test")) {
      for (int i = 0; i < 8; i++) {
        completions.executeBlocking(gate::pass);
      }
      completions.execute(() -> callback.complete(null));

      assertThat(callback).succeedsWithin(TEN_SECONDS);
      gate.openForAll();
    }
  }
}
