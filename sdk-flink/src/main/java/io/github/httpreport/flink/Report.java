package io.github.httpreport.flink;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is reported of one record, and where to. */
record Report(Message message, Destination destination, @Nullable Instant dataTime) {}
