package io.github.httpreport.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.faults.ScriptedFaultScenario.NodeScript;
import io.github.httpreport.testsupport.ScriptedConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Refuses each report once and asks to wait, then sees who does. */
final class BusyNode implements NodeScript {

  private static final Duration ASKED = Duration.ofSeconds(1);

  private final String status;
  private final Supplier<String> headers;
  private final Map<List<String>, Long> refused = new ConcurrentHashMap<>();
  private final Queue<List<String>> early = new ConcurrentLinkedQueue<>();

  BusyNode(String status, Supplier<String> headers) {
    this.status = status;
    this.headers = headers;
  }

  @Override
  public void play(ScriptedConnection connection, StoredMessages store) throws IOException {
    while (true) {
      String request = connection.readRequest();
      if (StoredMessages.isReport(request) && isRefused(StoredMessages.bodies(request))) {
        connection.write(
            "HTTP/1.1 " + status + "\r\n" + headers.get() + "\r\nContent-Length: 0\r\n\r\n");
      } else {
        store.keep(request);
        connection.write(ScriptedFaultScenario.OK);
      }
    }
  }

  private boolean isRefused(List<String> bodies) {
    Long before = refused.putIfAbsent(bodies, System.nanoTime());
    if (before != null && System.nanoTime() - before < ASKED.toNanos()) {
      early.add(bodies);
    }
    return before == null;
  }

  void assertNobodyCameEarly() {
    assertThat(early).as("came again before the time that was asked for").isEmpty();
  }
}
