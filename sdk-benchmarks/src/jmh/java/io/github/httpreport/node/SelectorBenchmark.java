package io.github.httpreport.node;

import io.github.httpreport.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The choice of a node. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SelectorBenchmark {

  /** The selectors that come with the library. */
  public enum Selector {
    RANDOM,
    ROUND_ROBIN,
    WEIGHTED_BY_LOAD,
    LEAST_LOADED,
    CONSISTENT_HASH;

    NodeSelector make() {
      return switch (this) {
        case RANDOM -> NodeSelector.random();
        case ROUND_ROBIN -> NodeSelector.roundRobin();
        case WEIGHTED_BY_LOAD -> NodeSelector.weightedByLoad();
        case LEAST_LOADED -> NodeSelector.leastLoaded();
        case CONSISTENT_HASH -> NodeSelector.consistentHash(Destination::streamId);
      };
    }
  }

  private static final Destination DESTINATION = new Destination("test_group", "test_stream");

  @Param Selector kind;

  @Param({"3", "1000"})
  int nodes;

  private NodeSelector selector = NodeSelector.random();
  private List<Candidate> candidates = List.of();

  /** Makes the selector, and nodes that differ in all that a selector looks at. */
  @Setup
  public void makeSelectorAndCandidates() {
    List<Candidate> made = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      made.add(FakeCandidate.number(i).withInFlight(i % 5).withMillis(1 + i % 7).withLoad(i % 100));
    }
    candidates = List.copyOf(made);
    selector = kind.make();
  }

  @Benchmark
  public Candidate select() {
    return selector.select(candidates, DESTINATION);
  }
}
