package io.github.httpreport.faults;

import java.util.function.Supplier;

/**
 * One line of the matrix.
 *
 * @param fault what is wrong
 * @param scenario sets it up
 * @param timeouts of the sender
 * @param expected of every message, unless the scene says otherwise
 */
record FaultCase(
    String fault, Supplier<FaultScenario> scenario, TimeoutProfile timeouts, Expected expected) {}
