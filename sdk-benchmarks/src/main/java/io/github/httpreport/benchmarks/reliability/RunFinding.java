package io.github.httpreport.benchmarks.reliability;

import java.io.PrintWriter;
import java.util.List;

/**
 * One thing that a trial was to show.
 *
 * @param holds whether it did
 * @param text what was seen
 */
record RunFinding(boolean holds, String text) {

  /** Prints all findings and the verdict, and tells whether all of them hold. */
  static boolean report(PrintWriter out, String attempt, List<RunFinding> findings) {
    findings.forEach(
        finding -> out.println((finding.holds ? "ok      " : "MISSED  ") + finding.text));
    boolean passed = findings.stream().allMatch(RunFinding::holds);
    out.println(attempt + (passed ? " passed." : " FAILED."));
    out.flush();
    return passed;
  }
}
