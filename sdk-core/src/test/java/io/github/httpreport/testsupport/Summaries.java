package io.github.httpreport.testsupport;

import io.github.httpreport.CloseSummary;

/** Close summaries to compare with, in one short line each. */
public final class Summaries {

  private Summaries() {}

  public static CloseSummary of(long sent, long failed, long spooled, long abandoned) {
    return CloseSummary.builder()
        .sent(sent)
        .failed(failed)
        .spooled(spooled)
        .abandoned(abandoned)
        .build();
  }
}
