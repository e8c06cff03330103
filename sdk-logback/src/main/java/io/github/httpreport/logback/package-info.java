/** An appender of Logback that reports log events over HTTP. */
@NullMarked
package io.github.httpreport.logback;

import org.jspecify.annotations.NullMarked;
