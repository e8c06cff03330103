/**
 * Endurance runs: what the library promises, held against servers that fail and processes that are
 * killed.
 */
@NullMarked
package io.github.httpreport.benchmarks.reliability;

import org.jspecify.annotations.NullMarked;
