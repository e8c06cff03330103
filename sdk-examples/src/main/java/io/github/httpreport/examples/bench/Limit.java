package io.github.httpreport.examples.bench;

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
record Limit(String name, Spread toRaw, Spread reached) {

  /** Those whose contestants were all run. */
  static List<Limit> of(Measured limits) {
    return Stream.of(
            of(limits, Block.MINIMAL_16, Block.RAW_16, Block.ASYNC_16),
            of(limits, Block.MINIMAL_CHAINED_16, Block.RAW_16, Block.CHAINED_16),
            of(limits, Block.ENCODING_8_BY_50, Block.RAW_8_BY_50, Block.SEND_8_BY_50),
            of(limits, Block.ENCODING_4_BY_500, Block.RAW_4_BY_500, Block.ENQUEUE_4))
        .filter(Objects::nonNull)
        .toList();
  }

  private static @Nullable Limit of(Measured limits, Setup least, Setup raw, Setup library) {
    Spread toRaw = limits.ratio(least, raw, Turn::messagesPerSecond);
    Spread reached = limits.ratio(library, least, Turn::messagesPerSecond);
    return toRaw == null || reached == null ? null : new Limit(least.name(), toRaw, reached);
  }
}
