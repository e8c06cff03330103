/**
 * Fair shares of what all groups of a sender have in common: requests in flight, retries, and the
 * buffer.
 *
 * <p>Main types: {@code GroupShares}, the shares of all groups in use, and {@code InFlightLimit},
 * which divides the places. Imports {@code concurrent} only. Runs on the threads of callers and
 * deliveries; the lock of {@code InFlightLimit} is the only one that they all meet.
 */
@NullMarked
package io.github.httpreport.internal.share;

import org.jspecify.annotations.NullMarked;
