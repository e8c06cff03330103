/** Metrics of a sender as Micrometer meters. */
@NullMarked
package io.github.httpreport.micrometer;

import org.jspecify.annotations.NullMarked;
