package io.github.httpreport.benchmarks;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How near to raw sockets one gets who does the least of what a client must do.
 *
 * @param name what is done
 * @param toRaw its speed, to that of raw sockets
 * @param reached the speed of the library, to that
 */
record Limit(String name, Summary toRaw, Summary reached) {

  /** Those whose contestants were all run. */
  static List<Limit> of(Measured limits) {
    return Stream.of(
            of(limits, Suite.MINIMAL_16, Suite.RAW_16, Suite.ASYNC_16),
            of(limits, Suite.MINIMAL_CHAINED_16, Suite.RAW_16, Suite.CHAINED_16),
            of(limits, Suite.ENCODING_8_BY_50, Suite.RAW_8_BY_50, Suite.SEND_8_BY_50),
            of(limits, Suite.ENCODING_4_BY_500, Suite.RAW_4_BY_500, Suite.ENQUEUE_4))
        .filter(Objects::nonNull)
        .toList();
  }

  private static @Nullable Limit of(
      Measured limits, Scenario least, Scenario raw, Scenario library) {
    Summary toRaw = limits.ratio(least, raw, Sample::messagesPerSecond);
    Summary reached = limits.ratio(library, least, Sample::messagesPerSecond);
    return toRaw == null || reached == null ? null : new Limit(least.name(), toRaw, reached);
  }
}
