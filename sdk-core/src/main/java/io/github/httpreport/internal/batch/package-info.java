/**
 * Accepted messages: validation, the memory budget, open batches, and the futures that complete
 * when a batch does.
 *
 * <p>Main types: {@code Accumulator}, which batches, {@code MemoryBudget}, which bounds, and {@code
 * BatchCompletion}, which completes futures. Imports {@code concurrent}, {@code share} and the node
 * lists of {@code node} for their size limits. Runs on the threads of callers, on the scheduler's
 * thread, and on those of callbacks.
 */
@NullMarked
package io.github.httpreport.internal.batch;

import org.jspecify.annotations.NullMarked;
