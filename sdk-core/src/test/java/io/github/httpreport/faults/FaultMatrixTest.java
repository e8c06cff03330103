package io.github.httpreport.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every fault, and the same promises held against each: nothing acknowledged is missing, nothing
 * fails without cause, duplicates are told, every future settles in time, everything is given back,
 * and closing works from there. Rows wait more than they work, so several run at once.
 */
class FaultMatrixTest {

  private static final int AT_ONCE = 8;

  private final ExecutorService rows = Executors.newFixedThreadPool(AT_ONCE);
  private final Canary canary = Canary.listen();
  private final ResourceUse before = ResourceUse.now();

  @AfterEach
  void close() {
    rows.shutdownNow();
    canary.close();
  }

  @TestFactory
  Stream<DynamicNode> everyFault_promisesAreKept() {
    Stream<DynamicTest> settling = trials(FaultScenarioRunner::complete);
    Stream<DynamicTest> closing = trials(FaultScenarioRunner::close);
    rows.shutdown();
    return Stream.of(
        dynamicContainer("settling", settling),
        dynamicContainer("closing meanwhile", closing),
        dynamicTest("nothing is left behind", () -> before.assertNotExceeded()),
        dynamicTest("no log line tells a body or a secret", this::assertNothingShown));
  }

  /** All of them start now; each test waits for its own. */
  private Stream<DynamicTest> trials(Consumer<FaultScenarioRunner> kind) {
    List<DynamicTest> tests =
        all()
            .map(
                row -> {
                  Future<?> result = rows.submit(() -> kind.accept(new FaultScenarioRunner(row)));
                  return dynamicTest(row.fault(), () -> await(row, result));
                })
            .toList();
    return tests.stream();
  }

  private static Stream<FaultCase> all() {
    return Stream.of(
            ConnectionCases.all(),
            ResponseCases.all(),
            ManagerCases.all(),
            ProxyCases.all(),
            ClusterCases.all(),
            ApplicationCases.all())
        .flatMap(Function.identity());
  }

  /** Reports name a dynamic test by its number only. */
  private static void await(FaultCase row, Future<?> result) throws InterruptedException {
    try {
      result.get();
    } catch (ExecutionException e) {
      throw new AssertionError(row.fault() + ": " + e.getCause().getMessage(), e.getCause());
    }
  }

  private void assertNothingShown() {
    assertThat(canary.lines()).as("lines heard").isPositive();
    assertThat(canary.leaks()).isEmpty();
  }
}
