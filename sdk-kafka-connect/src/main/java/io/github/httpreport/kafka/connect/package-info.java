/** A Kafka Connect sink that reports the records of topics over HTTP, at least once. */
@NullMarked
package io.github.httpreport.kafka.connect;

import org.jspecify.annotations.NullMarked;
