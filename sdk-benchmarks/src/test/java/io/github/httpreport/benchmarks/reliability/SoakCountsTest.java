package io.github.httpreport.benchmarks.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.CloseSummary;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SoakCountsTest {

  private static final long MB = 1_000_000;

  private final Thread own = new Thread(() -> {}, "own");
  private final Footprint before = new Footprint(10 * MB, Set.of());

  private static SoakCounts counts(
      long missing, CloseSummary closed, int threads, long heap, String trouble) {
    return new SoakCounts(
        new SoakCounts.Messages(100, 100, "", missing, 7),
        closed,
        new SoakCounts.Held(9, threads, heap),
        new FaultSchedule.FaultCounts(3, 6, trouble));
  }

  private static CloseSummary closed(long sent, long failed, long abandoned) {
    return CloseSummary.builder().sent(sent).failed(failed).abandoned(abandoned).build();
  }

  private static SoakCounts well() {
    return counts(0, closed(100, 0, 0), 11, 26 * MB, "");
  }

  private boolean passes(SoakCounts counts, Footprint after) {
    return counts.findings(before, after).stream().allMatch(RunFinding::holds);
  }

  @Test
  void findings_everythingIsBackWhereItWas_allHold() {
    assertThat(well().findings(before, before)).allMatch(RunFinding::holds).hasSize(8);
  }

  @Test
  void findings_oneMessageMissing_doesNotHold() {
    assertThat(passes(counts(1, well().closed(), 9, 0, ""), before)).isFalse();
  }

  @Test
  void findings_senderCountsOtherwise_doesNotHold() {
    assertThat(passes(counts(0, closed(99, 0, 0), 9, 0, ""), before)).isFalse();
    assertThat(passes(counts(0, closed(100, 1, 0), 9, 0, ""), before)).isFalse();
    assertThat(passes(counts(0, closed(100, 0, 1), 9, 0, ""), before)).isFalse();
  }

  @Test
  void findings_moreThreadsThanAtFirst_doNotHold() {
    assertThat(passes(counts(0, well().closed(), 12, 0, ""), before)).isFalse();
  }

  @Test
  void findings_threadLeftBehind_isNamed() {
    assertThat(well().findings(before, new Footprint(0, Set.of(own))))
        .filteredOn(finding -> !finding.holds())
        .singleElement()
        .satisfies(finding -> assertThat(finding.text()).isEqualTo("threads left behind [own]"));
  }

  @Test
  void findings_heapGrew_doesNotHold() {
    assertThat(passes(counts(0, well().closed(), 9, 27 * MB, ""), before)).isFalse();
    assertThat(passes(well(), new Footprint(27 * MB, Set.of()))).isFalse();
  }

  @Test
  void findings_clusterCouldNotBeRestarted_doesNotHold() {
    assertThat(passes(counts(0, well().closed(), 9, 0, "no port"), before)).isFalse();
  }
}
