/**
 * Batches to and from the disk: what could not be delivered, what the buffer has no room for, and
 * with write-ahead everything.
 *
 * <p>Main types: {@code SpoolWorker}, which writes, and {@code SpoolDrainer}, which delivers, each
 * group at its own pace. Imports every room but the root of {@code internal}. One thread of its own
 * does all work on disk; the others only put batches into its queue.
 */
@NullMarked
package io.github.httpreport.internal.spool;

import org.jspecify.annotations.NullMarked;
