package io.github.httpreport.spring;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties beside those of the default sender.
 *
 * @param enabled Whether senders are made at all.
 * @param senders Further senders by name; each has all properties of the default sender and
 *     inherits none of their values.
 */
@ConfigurationProperties(SenderProperties.PREFIX)
record NamedSenderProperties(
    @DefaultValue("true") boolean enabled, @DefaultValue Map<String, SenderProperties> senders) {}
