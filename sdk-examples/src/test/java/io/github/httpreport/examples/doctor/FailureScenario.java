package io.github.httpreport.examples.doctor;

import io.github.httpreport.examples.CliRun;

/** Produces one failure and lets the doctor look at it. */
@FunctionalInterface
interface FailureScenario {

  /** A run with {@code --json} whose explanations should name the failure. */
  CliRun run() throws Exception;
}
