/** Metrics and traces of a sender for OpenTelemetry. */
@NullMarked
package io.github.httpreport.opentelemetry;

import org.jspecify.annotations.NullMarked;
