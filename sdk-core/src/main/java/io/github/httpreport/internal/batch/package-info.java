/**
 * Accepted messages until they are complete: validation, the memory budget, open batches, and the
 * futures that complete when a batch does.
 *
 * <p>Main types: {@code MessageIntake}, which admits, {@code MemoryBudget}, which bounds, {@code
 * Accumulator}, which batches, and {@code BatchCompletion}, which ends each message once. Imports
 * {@code concurrent} and {@code share}. Runs on the threads of callers, on the scheduler's thread,
 * which ends a linger, and on the threads of callbacks, which complete futures.
 */
@NullMarked
package io.github.httpreport.internal.batch;

import org.jspecify.annotations.NullMarked;
