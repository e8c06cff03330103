/**
 * The nodes of each group: which exist, which are healthy, and which one is next.
 *
 * <p>Main types: {@code NodeDirectory}, which fetches and keeps the lists, and {@code NodeTable},
 * which ejects, probes and selects. Imports {@code concurrent} only. Runs on the threads of
 * deliveries, on the scheduler's thread, and on one thread that saves lists.
 */
@NullMarked
package io.github.httpreport.internal.node;

import org.jspecify.annotations.NullMarked;
