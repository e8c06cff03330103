/**
 * What the log appenders for Logback and Log4j share: options, delivery and JSON. Not for use by
 * applications, and free to change in any version.
 */
@NullMarked
package io.github.httpreport.logging;

import org.jspecify.annotations.NullMarked;
