package io.github.httpreport.examples.bench;

/** Where every contestant reports to. */
final class Topic {

  static final String GROUP = "bench_group";
  static final String STREAM = "bench_stream";

  private Topic() {}
}
