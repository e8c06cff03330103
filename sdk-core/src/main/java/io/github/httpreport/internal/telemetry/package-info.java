/**
 * Metrics and log lines about messages: the guard around the metrics of the application, and the
 * log of losses, which says each loss soon and repeats itself at most once a minute.
 *
 * <p>Main types: {@code GuardedMetrics} and {@code LossLog}. Imports {@code concurrent} only. Runs
 * on every thread that something happens on; nothing here blocks.
 */
@NullMarked
package io.github.httpreport.internal.telemetry;

import org.jspecify.annotations.NullMarked;
