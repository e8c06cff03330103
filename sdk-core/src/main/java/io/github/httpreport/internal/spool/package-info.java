/**
 * Batches to and from the disk: undelivered ones, those that the full buffer has no memory for, and
 * with write-ahead all of them.
 *
 * <p>Main types: {@code SpoolIntake}, which takes batches over, {@code SpoolWorker}, whose thread
 * writes them, {@code SpoolDrainer}, which delivers them, each group at its own pace, and {@code
 * RecoveringSpool}, which survives a failing disk. Imports {@code concurrent}, {@code node}, {@code
 * telemetry}, {@code batch}, {@code delivery} and {@code spool.store}. One thread of its own does
 * all work on the disk; the others put batches and events into its queues.
 */
@NullMarked
package io.github.httpreport.internal.spool;

import org.jspecify.annotations.NullMarked;
