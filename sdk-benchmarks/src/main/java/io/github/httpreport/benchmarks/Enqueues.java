package io.github.httpreport.benchmarks;

import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** {@code enqueue} of messages, as many as there is room for. */
final class Enqueues implements Contestant {

  /** How many messages a call stands for, so that reading the clock costs nothing beside them. */
  private static final int MESSAGES = 100;

  private final ProxySender sender;
  private final String body;
  private final String group = Topology.group(0);
  private final Unacknowledged unacknowledged = new Unacknowledged();
  private final BiConsumer<@Nullable SendResult, @Nullable Throwable> end = this::ended;

  Enqueues(Scenario scenario, ProxySender sender) {
    this.sender = sender;
    body = scenario.text().body().text();
  }

  @Override
  public int call(int thread) {
    for (int i = 0; i < MESSAGES; i++) {
      sender.enqueue(body, group, Topology.STREAM).whenComplete(end);
    }
    return MESSAGES;
  }

  private void ended(@Nullable SendResult result, @Nullable Throwable error) {
    unacknowledged.note(error);
  }

  @Override
  public void complete() throws IOException {
    sender.flush().join();
    unacknowledged.check();
  }

  @Override
  public double ownBytesPerMessage() {
    return OwnBytes.ofCallback();
  }

  @Override
  public void close() {
    sender.close();
  }
}
