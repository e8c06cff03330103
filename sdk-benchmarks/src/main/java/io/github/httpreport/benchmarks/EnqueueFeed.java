package io.github.httpreport.benchmarks;

import io.github.httpreport.Batching;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Plain {@code enqueue}, what connectors are measured against. */
final class EnqueueFeed implements SinkRecordFeed {

  private final ProxySender sender;
  private final Unacknowledged unacknowledged = new Unacknowledged();
  private final BiConsumer<@Nullable SendResult, @Nullable Throwable> end = this::ended;

  EnqueueFeed(String managerUrl) {
    sender =
        HttpProxySender.builder()
            .manager(managerUrl)
            .batching(Batching.builder().dataTimeGranularity(Duration.ofMinutes(1)).build())
            .build();
  }

  @Override
  public void accept(List<SinkRecord> records) {
    for (SinkRecord record : records) {
      sender
          .enqueue(
              (String) record.value(),
              Topology.group(0),
              Topology.STREAM,
              Instant.ofEpochMilli(record.timestamp()))
          .whenComplete(end);
    }
  }

  private void ended(@Nullable SendResult result, @Nullable Throwable error) {
    unacknowledged.note(error);
  }

  @Override
  public void awaitEnd() throws IOException {
    sender.flush().join();
    unacknowledged.check();
  }

  @Override
  public void close() {
    sender.close();
  }
}
