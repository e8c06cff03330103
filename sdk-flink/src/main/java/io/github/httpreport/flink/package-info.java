/** A sink for Apache Flink that reports each record at least once. */
@NullMarked
package io.github.httpreport.flink;

import org.jspecify.annotations.NullMarked;
