package io.github.httpreport.benchmarks;

/** Against which server to measure, as the option names it. */
enum ServerKind {
  /** {@link LeanServer}. */
  lean,
  /** A {@link io.github.httpreport.testkit.LocalCluster}, which behaves as real servers do. */
  cluster
}
