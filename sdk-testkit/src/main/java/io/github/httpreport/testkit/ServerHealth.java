package io.github.httpreport.testkit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Health of a server, shared by its connections.
 *
 * @param faults what is to go wrong
 * @param pause how long answers wait
 * @param requests how many requests came that meet faults
 */
record ServerHealth(FaultPlan faults, Pause pause, AtomicLong requests) {

  ServerHealth() {
    this(new FaultPlan(), new Pause(), new AtomicLong());
  }
}
