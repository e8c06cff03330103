/**
 * The benchmark of the sender against raw sockets and other clients, and the main class of the
 * tool.
 */
@NullMarked
package io.github.httpreport.benchmarks;

import org.jspecify.annotations.NullMarked;
