package io.github.httpreport.kafka.connect;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record as the sender takes it.
 *
 * @param destination its group and stream
 * @param message its text and, where it is sent, its key
 * @param dataTime its time; null for the time of sending
 */
record Report(Destination destination, Message message, @Nullable Instant dataTime) {}
