package io.github.httpreport.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallbackExecutorTest {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  @Test
  void execute_moreCallbacksJoinThanThereMayBeThreads_theLastAreRefusedAndTheOthersGoOn() {
    CompletableFuture<Void> awaited = new CompletableFuture<>();
    AtomicInteger refused = new AtomicInteger();
    List<CompletableFuture<Void>> callbacks = new ArrayList<>();
    try (CallbackExecutor completions = new CallbackExecutor("completions-test")) {
      for (int i = 0; i < 1_000; i++) {
        CompletableFuture<Void> callback = new CompletableFuture<>();
        callbacks.add(callback);
        completions.execute(
            () -> {
              try {
                awaited.join();
              } catch (RejectedExecutionException noThread) {
                refused.incrementAndGet();
              }
              callback.complete(null);
            });
      }
      // Behind all of them in the queue: with every thread in join() it would never run.
      completions.execute(() -> awaited.complete(null));

      assertThat(CompletableFuture.allOf(callbacks.toArray(CompletableFuture<?>[]::new)))
          .succeedsWithin(TEN_SECONDS);
    }
    assertThat(refused.get()).isPositive().isLessThan(1_000);
  }

  @Test
  void execute_firstCallerHasALoaderAndThreadLocalsOfItsOwn_threadsKeepNoLoader() throws Exception {
    CompletableFuture<Thread> callback = new CompletableFuture<>();
    CompletableFuture<Thread> daemon = new CompletableFuture<>();
    InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
    CompletableFuture<String> seen = new CompletableFuture<>();
    ClassLoader foreign = new ClassLoader() {};
    try (CallbackExecutor completions = new CallbackExecutor("completions-test")) {
      Thread caller =
          new Thread(
              () -> {
                inherited.set("of the caller");
                completions.execute(() -> callback.complete(Thread.currentThread()));
                DaemonThreadFactory.named("daemon-test")
                    .newThread(
                        () -> {
                          seen.complete(String.valueOf(inherited.get()));
                          daemon.complete(Thread.currentThread());
                        })
                    .start();
              });
      caller.setContextClassLoader(foreign);
      caller.start();
      caller.join();

      assertThat(seen).succeedsWithin(TEN_SECONDS).isEqualTo("null");
      Stream.of(callback, daemon)
          .map(CompletableFuture::join)
          .forEach(thread -> assertThat(thread.getContextClassLoader()).isNotSameAs(foreign));
    }
  }
}
