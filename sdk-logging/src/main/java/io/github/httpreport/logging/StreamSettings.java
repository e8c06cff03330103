package io.github.httpreport.logging;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import java.time.Duration;

/**
 * Checked options of an appender.
 *
 * @param sender the settings of its sender, but for its name and metrics
 * @param destination where its events go
 * @param closeTimeout how long a stop waits for the delivery of what was accepted
 * @param escapeLineBreaks whether an event with line breaks is kept in one message
 */
public record StreamSettings(
    HttpProxySender.Builder sender,
    Destination destination,
    Duration closeTimeout,
    boolean escapeLineBreaks) {}
