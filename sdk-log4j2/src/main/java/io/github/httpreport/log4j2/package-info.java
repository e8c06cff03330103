/** An appender of Log4j that reports log events over HTTP. */
@NullMarked
package io.github.httpreport.log4j2;

import org.jspecify.annotations.NullMarked;
