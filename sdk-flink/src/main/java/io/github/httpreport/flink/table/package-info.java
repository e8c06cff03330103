/** The sink as a table: the connector {@code http-report} of Flink SQL. */
@NullMarked
package io.github.httpreport.flink.table;

import org.jspecify.annotations.NullMarked;
