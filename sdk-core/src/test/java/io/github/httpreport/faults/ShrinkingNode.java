package io.github.httpreport.faults;

import io.github.httpreport.faults.ScriptedFaultScenario.NodeScript;
import io.github.httpreport.testsupport.ScriptedConnection;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes less each time that something was too large for it. */
final class ShrinkingNode implements NodeScript {

  private final String refusal;
  private final int least;
  private final AtomicInteger limit;

  /**
   * @param most the limit of a request body in bytes, at the beginning
   * @param least the one that it comes to in the end
   */
  ShrinkingNode(String refusal, int most, int least) {
    this.refusal = refusal;
    this.least = least;
    limit = new AtomicInteger(most);
  }

  @Override
  public void play(ScriptedConnection connection, StoredMessages store) throws IOException {
    while (true) {
      String request = connection.readRequest();
      int size = request.length() - request.indexOf("\r\n\r\n") - 4;
      if (StoredMessages.isReport(request) && size > limit.get()) {
        limit.updateAndGet(now -> Math.max(least, now * 2 / 3));
        connection.write(refusal);
      } else {
        store.keep(request);
        connection.write(ScriptedFaultScenario.OK);
      }
    }
  }
}
