package io.github.httpreport.internal.spool;

/**
 * The parts of a sender's spool that its assembly and its close use.
 *
 * @param intake takes batches over
 * @param worker the thread that writes and delivers them
 * @param writesAhead whether every batch is written before it is delivered
 */
public record SenderSpool(SpoolIntake intake, SpoolWorker worker, boolean writesAhead) {}
